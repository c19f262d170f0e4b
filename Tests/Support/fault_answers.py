"""The answers of fault-server.py: one function a kind of fault, which yields what goes over the wire.

An answer is a series of steps: bytes are sent, a float is waited for, and CLOSE, RESET and SILENCE end the connection
in order, by RST, or not at all. Whatever ends without one of the three leaves the connection open for the next request.
"""

import gzip
import json
import zlib

CLOSE, RESET, SILENCE = "close", "reset", "silence"
VALUE = "sk-right-9d1f2c7be04a4c6f"

# What OpenBao 2.7.2 answered to a read of KV version 2, on 29 November 2026.
BODY = (
    b'{"request_id":"53e36241-5905-adfb-977b-6fe05018d06d","lease_id":"","renewable":false,"lease_duration":0,'
    b'"data":{"data":{"api_key":"' + VALUE.encode() + b'"},"metadata":{"created_time":"2026-11-29T17:10:06.603415919Z",'
    b'"custom_metadata":null,"deletion_time":"","destroyed":false,"version":1}},"wrap_info":null,"warnings":null,'
    b'"auth":null}\n'
)
FIELDS = (
    b"Cache-Control: no-store\r\nContent-Type: application/json\r\n"
    b"Strict-Transport-Security: max-age=31536000; includeSubDomains\r\nDate: Sun, 29 Nov 2026 17:10:06 GMT\r\n"
)
MOUNT = b'{"data":{"options":{"version":"2"},"path":"kv/","type":"kv"},"warnings":null,"auth":null}\n'
HEALTH = b'{"initialized":true,"sealed":false,"standby":false,"version":"2.7.2"}\n'
LEADER = b'{"ha_enabled":false,"is_self":false,"leader_address":"","leader_cluster_address":""}\n'
HTML = b"<html><head><title>Sorry</title></head><body><h1>Something is wrong</h1></body></html>\n"


def head(line=b"HTTP/1.1 200 OK", fields=b"", length=len(BODY)):
    size = b"" if length is None else b"Content-Length: %s\r\n" % str(length).encode()
    return line + b"\r\n" + FIELDS + fields + size + b"\r\n"


def answer(status=200, body=BODY, fields=b"", reason=b"Status"):
    return head(b"HTTP/1.1 %d %s" % (status, b"OK" if status == 200 else reason), fields, len(body)) + body


def chunked(body=BODY, size=64, end=b"0\r\n\r\n", extension=b""):
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(chunk), extension, chunk) for chunk in chunks) + end


CHUNKED = head(fields=b"Transfer-Encoding: chunked\r\n", length=None)
TRAILERS = b"0\r\nX-Checksum: 1234\r\nX-Signature: abcdef\r\n\r\n"

# The whole answer in four forms, and how much of it holds all of the JSON.
FORMS = {
    "plain": answer(),
    "chunked": CHUNKED + chunked(),
    "trailers": head(fields=b"Transfer-Encoding: chunked\r\nTrailer: X-Checksum, X-Signature\r\n", length=None)
    + chunked(end=TRAILERS),
    "old": b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + BODY,
}
ENOUGH = {
    "plain": len(FORMS["plain"]),
    "chunked": len(FORMS["chunked"]) - len(b"\n\r\n0\r\n\r\n"),
    "trailers": len(FORMS["trailers"]) - len(b"\n\r\n" + TRAILERS),
    "old": len(FORMS["old"]) - 1,
}


def for_ever(piece, before=b""):
    yield before
    while True:
        yield piece


def cut(server, form, count):
    yield FORMS[form][: int(count)]
    yield CLOSE


def reset(server, form, count):
    yield FORMS[form][: int(count)]
    yield 0.02
    yield RESET


def stall(server, form, count):
    yield FORMS[form][: int(count)]
    yield SILENCE


def slow(server, milliseconds):
    for at in range(len(FORMS["plain"])):
        yield FORMS["plain"][at : at + 1]
        yield float(milliseconds) / 1000
    yield CLOSE


def late(server, milliseconds):
    yield float(milliseconds) / 1000
    yield FORMS["plain"]


def silent(server):
    yield SILENCE


def endless(server, what):
    line = b"HTTP/1.1 200 OK\r\n"
    if what == "head":
        yield from for_ever(b"X-Filler: " + b"x" * 4000 + b"\r\n", line)
    elif what == "line":
        yield from for_ever(b"x" * 65536, line + b"X-Filler: ")
    elif what == "status":
        yield from for_ever(b"x" * 65536, b"HTTP/1.1 200 ")
    elif what == "body":
        yield from for_ever(b"x" * 65536, head(length=1 << 40))
    elif what == "blanks":
        yield from for_ever(b" " * 65536, head(length=1 << 40))
    elif what == "close":
        yield from for_ever(b"x" * 65536, head(length=None))
    elif what == "chunked":
        yield from for_ever(b"10000\r\n" + b"x" * 65536 + b"\r\n", CHUNKED)
    elif what == "size":
        yield from for_ever(b"0" * 65536, CHUNKED)
    elif what == "extension":
        yield from for_ever(b"x" * 65536, CHUNKED + b"1;")
    elif what == "trailers":
        yield from for_ever(b"X-Filler: " + b"x" * 4000 + b"\r\n", CHUNKED + chunked(end=b"0\r\n"))
    elif what == "interim":
        yield from for_ever(b"HTTP/1.1 102 Processing\r\n\r\n" * 100)
    elif what == "garbage":
        yield from for_ever(bytes(range(256)) * 256)


def bomb(server, coding):
    """512 MiB in half a megabyte: the same packed megabyte again and again, and at last a checksum of nothing."""
    packer = zlib.compressobj(9, wbits=-15)
    piece = packer.compress(b"\0" * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    start = b"\x1f\x8b\x08\0\0\0\0\0\0\x03" if coding == "gzip" else b"\x78\x9c"
    body = start + piece * 512 + b"\x03\x00" + bytes(8)
    yield answer(body=body, fields=b"Content-Encoding: %s\r\n" % coding.encode())


def coding(server, what):
    packed = {"gzip": gzip.compress(BODY), "deflate": zlib.compress(BODY), "cut": gzip.compress(BODY)[:-9]}.get(
        what, BODY
    )
    name = {"lie": "gzip", "cut": "gzip"}.get(what, what)
    yield answer(body=packed, fields=b"Content-Encoding: %s\r\n" % name.encode())


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


def redirect(server, status, where="target"):
    here = server.url(0)
    path = server.path
    target = {
        "target": "/target",
        "self": path,
        "absolute": here + path,
        "other": server.url(1) + path,
        "scheme": "https" + here[4:] + path,
        "seal": here + "/v1/sys/seal",
        "loop": here + path + "/",
        "file": "file:///etc/passwd",
        "garbage": "::not a url::",
        "user": here.replace("//", "//user:secret@") + path,
        "empty": "",
        "nul": "/a\0b",
        "long": "/" + "x" * 100_000,
        "relative": "..",
        "query": path + "?version=1",
        "slashes": server.url(1)[5:] + path,
        "script": "javascript:alert(1)",
        "name": "http://bao.invalid" + path,
    }.get(where, where)
    fields = b"" if where == "none" else b"Location: " + target.encode("latin-1") + b"\r\n"
    yield answer(int(status), b"elsewhere", fields)


STATUS_BODIES = {
    "empty": b"",
    "html": HTML,
    "errors": b'{"errors":["something odd"]}\n',
    "none": b'{"errors":[]}\n',
    "good": BODY,
}


def status(server, code, body):
    yield answer(int(code), STATUS_BODIES[body])


RETRIES = {
    "zero": b"0",
    "one": b"1",
    "huge": b"99999999999999999999",
    "exponent": b"1e400",
    "infinite": b"inf",
    "negative": b"-5",
    "nan": b"nan",
    "far": b"Fri, 31 Dec 2099 23:59:59 GMT",
    "past": b"Thu, 01 Jan 1970 00:00:00 GMT",
    "garbage": b"soon",
    "empty": b"",
    "twice": b"1\r\nRetry-After: 99999",
}


def retry(server, code, value):
    yield answer(int(code), HTML, b"Retry-After: " + RETRIES[value] + b"\r\n")


def secret(text):
    return BODY.replace(b'{"api_key":"' + VALUE.encode() + b'"}', text)


BODIES = {
    "empty": b"",
    "html": HTML,
    "blank": b" ",
    "null": b"null",
    "array": b"[]",
    "number": b"1",
    "text": b'"text"',
    "object": b"{}",
    "no-data": b'{"data":null}',
    "no-fields": b'{"data":{"data":null,"metadata":{}}}',
    "flat": b'{"data":{"api_key":"sk-flat"}}',
    "no-field": secret(b"{}"),
    "other-field": secret(b'{"other":"sk-other"}'),
    "null-field": secret(b'{"api_key":null}'),
    "empty-field": secret(b'{"api_key":""}'),
    "object-field": secret(b'{"api_key":{"a":"b"}}'),
    "array-field": secret(b'{"api_key":["a"]}'),
    "deep": b'{"data":' * 100_000 + b"1" + b"}" * 100_000,
    "deep-array": b"[" * 1_000_000,
    "large": BODY[:-2] + b',"filler":"' + b"x" * (9 << 20) + b'"}',
    "large-field": secret(b'{"api_key":"' + b"x" * (9 << 20) + b'"}'),
    "surplus": BODY + b"surplus",
    "two": BODY + BODY.replace(b"right", b"wrong"),
    "bom": b"\xef\xbb\xbf" + BODY,
    "utf16": BODY.decode().encode("utf-16"),
    "invalid": BODY.replace(b"request_id", b"request\xff\xfe"),
    "nul": BODY.replace(b'"auth"', b'\0"auth"'),
    "cut": BODY[:-5],
    "errors": b'{"errors":["something odd"]}',
    "none": b'{"errors":[]}',
    "warnings": b'{"warnings":["odd"],"data":null}',
    "wrapped": b'{"data":null,"wrap_info":{"token":"s.wrapped","ttl":60}}',
}


def body(server, what):
    yield answer(body=BODIES[what])


def partial(server, code):
    yield answer(int(code), BODY, b"Content-Range: bytes 0-338/339\r\n")


def flip(server, at):
    damaged = bytearray(BODY)
    damaged[int(at)] ^= 1 << (int(at) % 8)
    yield answer(body=bytes(damaged))


def keep(server):
    yield answer(body=b"x", fields=b'Set-Cookie: a=b; Max-Age=3600\r\nCache-Control: max-age=3600\r\nETag: "1"\r\n')


def login(server):
    yield answer(401, b"who?", b'WWW-Authenticate: Basic realm="leak"\r\n')


def echo(server):
    yield answer(body=server.received)


def count(server, number):
    yield answer(body=b"x" * int(number))


def good(server):
    yield FORMS["plain"]


def seen(server):
    yield answer(body=json.dumps({"requests": server.requests()}).encode())


KINDS = {
    "cut": cut,
    "reset": reset,
    "stall": stall,
    "slow": slow,
    "late": late,
    "silent": silent,
    "endless": endless,
    "bomb": bomb,
    "coding": coding,
    "length": length,
    "chunk": chunk,
    "interim": interim,
    "noise": noise,
    "line": line,
    "field": field,
    "redirect": redirect,
    "status": status,
    "retry": retry,
    "body": body,
    "partial": partial,
    "flip": flip,
    "keep": keep,
    "login": login,
    "echo": echo,
    "bytes": count,
    "good": good,
    "seen": seen,
}
