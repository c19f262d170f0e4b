"""Answers whose lines, lengths, chunks or header fields are odd: a part of fault_answers.py."""

from fault_base import CHUNKED, BODY, FORMS, HTML, TRAILERS, CLOSE, chunked, head

LENGTHS = {
    "short": b"Content-Length: %d\r\n" % (len(BODY) // 2),
    "long": b"Content-Length: %d\r\n" % (len(BODY) + 100),
    "zero": b"Content-Length: 0\r\n",
    "negative": b"Content-Length: -1\r\n",
    "huge": b"Content-Length: 999999999999999999999999\r\n",
    "overflow": b"Content-Length: 18446744073709551955\r\n",
    "text": b"Content-Length: many\r\n",
    "plus": b"Content-Length: +%d\r\n" % len(BODY),
    "hex": b"Content-Length: 0x153\r\n",
    "empty": b"Content-Length:\r\n",
    "list": b"Content-Length: %d, %d\r\n" % (len(BODY), len(BODY)),
    "twice": b"Content-Length: %d\r\n" % len(BODY) * 2,
    "differing": b"Content-Length: 10\r\nContent-Length: %d\r\n" % len(BODY),
    "differing-back": b"Content-Length: %d\r\nContent-Length: 10\r\n" % len(BODY),
    "and-chunked": b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n",
    "none": b"",
}


def length(server, what):
    yield head(fields=LENGTHS[what], length=None) + (chunked() if what == "and-chunked" else BODY)
    yield CLOSE


CHUNKS = {
    "word": b"zz\r\n" + BODY + b"\r\n0\r\n\r\n",
    "negative": b"-5\r\n" + BODY + b"\r\n0\r\n\r\n",
    "huge": b"ffffffffffffffffffff\r\n" + BODY,
    "too-long": b"fff\r\n" + BODY + b"\r\n0\r\n\r\n",
    "too-short": b"10\r\n" + BODY + b"\r\n0\r\n\r\n",
    "blank": b"\r\n" + BODY + b"\r\n0\r\n\r\n",
    "no-crlf": b"153" + BODY + b"0",
    "no-end": chunked(end=b""),
    "lf": chunked().replace(b"\r\n", b"\n"),
    "extension": chunked(extension=b";name=value"),
    "quoted": chunked(extension=b';name="a\\"b"'),
    "bytewise": chunked(size=1),
    "upper": chunked(size=171).replace(b"ab\r\n", b"AB\r\n", 1),
    "leading": b"000000153\r\n" + BODY + b"\r\n0\r\n\r\n",
    "nothing": b"0\r\n\r\n",
    "trailers": chunked(end=TRAILERS),
    "many-trailers": chunked(end=b"0\r\n" + b"X-T: 1\r\n" * 200 + b"\r\n"),
    "forbidden-trailers": chunked(end=b"0\r\nContent-Length: 1\r\nTransfer-Encoding: gzip\r\n\r\n"),
}


def chunk(server, what):
    yield CHUNKED + CHUNKS[what]
    yield CLOSE


def interim(server, what):
    lines = {"100": 1, "102": 1, "103": 1, "110": 1, "199": 1, "thousand": 1000, "101": 1, "bare": 1}[what]
    number = "100" if what in ("thousand", "bare") else what
    fields = b"" if what in ("bare", "thousand") else b"Link: </style.css>; rel=preload\r\n"
    if what == "101":
        fields = b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
    yield (b"HTTP/1.1 %s Wait\r\n" % number.encode() + fields + b"\r\n") * lines
    yield FORMS["plain"]


NOISE = {
    "text": b"this is no HTTP\r\n\r\n",
    "tls": b"\x15\x03\x01\x00\x02\x02\x28",
    "tls-hello": b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + b"\0" * 100,
    "ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
    "smtp": b"220 mail.example.org ESMTP\r\n",
    "nul": b"\0" * 4096,
    "ones": b"\xff" * 4096,
    "html": HTML,
    "json": BODY,
    "http2": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64\x00\x04\x00\x01\x00\x00\x00\x02\x00\x00\x00\x00",
    "lines": b"\r\n" * 100,
}


def noise(server, what):
    yield NOISE[what]
    yield CLOSE


LINES = {
    "no-reason": b"HTTP/1.1 200 ",
    "no-blank": b"HTTP/1.1 200",
    "long-reason": b"HTTP/1.1 200 " + b"O" * 100_000,
    "one-nine": b"HTTP/1.9 200 OK",
    "two": b"HTTP/2 200 OK",
    "three": b"HTTP/3 200 OK",
    "zero-nine": b"HTTP/0.9 200 OK",
    "lower": b"http/1.1 200 OK",
    "icy": b"ICY 200 OK",
    "blanks": b"HTTP/1.1  200  OK",
    "tab": b"HTTP/1.1\t200\tOK",
    "two-digits": b"HTTP/1.1 20 OK",
    "four-digits": b"HTTP/1.1 2000 OK",
    "negative": b"HTTP/1.1 -200 OK",
    "word": b"HTTP/1.1 fine OK",
    "zero": b"HTTP/1.1 000 OK",
    "six-hundred": b"HTTP/1.1 600 OK",
    "nine-nine-nine": b"HTTP/1.1 999 OK",
    "nul": b"HTTP/1.1 200 O\0K",
    "leading": b"\r\n\r\nHTTP/1.1 200 OK",
    "space-first": b" HTTP/1.1 200 OK",
}


def line(server, what):
    yield head(LINES[what]) + BODY
    yield CLOSE


HEADS = {
    "long-line": b"X-Long: " + b"x" * 400_000 + b"\r\n",
    "many": b"X-Field: 1\r\n" * 20_000,
    "many-names": b"".join(b"X-Field-%d: 1\r\n" % number for number in range(20_000)),
    "nul": b"X-Nul: a\0b\r\n",
    "no-colon": b"this line has none\r\n",
    "no-name": b": nameless\r\n",
    "space": b"X-Space : 1\r\n",
    "folded": b"X-Folded: 1\r\n 2\r\n\t3\r\n",
    "cr": b"X-Cr: a\rb\r\n",
    "latin": b"X-Latin: \xe4\xf6\xfc\r\n",
    "control": b"X-Control: \x1b[31mred\x07\r\n",
    "cookie": b"Set-Cookie: a=b; Max-Age=3600\r\n",
    "close": b"Connection: close\r\n",
    "upgrade": b"Connection: Upgrade\r\nUpgrade: h2c\r\n",
    "alternative": b'Alt-Svc: h3=":1"; ma=60\r\n',
    "refresh": b"Refresh: 0; url=http://127.0.0.1:1/\r\n",
    "location": b"Location: http://127.0.0.1:1/\r\n",
    "long-retry": b"Retry-After: " + b"9" * 10_000 + b"\r\n",
}


def field(server, what):
    if what == "lf":
        yield head().replace(b"\r\n", b"\n") + BODY
    elif what == "second":
        yield FORMS["plain"] + FORMS["plain"].replace(b"sk-right", b"sk-wrong")
    elif what == "surplus":
        yield FORMS["plain"] + b"surplus" * 100
    else:
        yield head(fields=HEADS[what]) + BODY
