"""The answers of fault-server.py: one function a kind of fault, which yields what goes over the wire.

An answer is a series of steps: bytes are sent, a float is waited for, and CLOSE, RESET and SILENCE end the connection
in order, by RST, or not at all. Whatever ends without one of the three leaves the connection open for the next request.
"""

import gzip
import json
import zlib

from fault_base import BODY, CHUNKED, CLOSE, FORMS, HTML, RESET, SILENCE, VALUE, answer, chunked, head
from fault_shapes import chunk, field, interim, length, line, noise


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
