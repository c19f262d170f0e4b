"""The good answer that the faults of fault-server.py damage, and what damaged ones are built of."""

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
