"""What a test sees and does behind the proxy's back. All of JSON, on a port of its own:

    GET /requests?alias=PREFIX    what the proxy was asked, in order: method, path, query, body, status, caller ("master" or a
                                  hash), aliases (of the keys it is about, however it names them), changedBy, fault. Keys are
                                  hashes everywhere. Without a prefix: all of them
    GET /keys?alias=PREFIX        rows of keys, as the database has them
    GET /deleted?alias=PREFIX     rows of keys that were deleted
    POST /expire {token}          a key of this hash expires a minute ago
    POST /spend {token, spend}    and has spent this much
    POST /fault {path, kind}      spoils a request: `times` (1), `alias` (a prefix: only requests about such keys). `*` in the
                                  path stands for one part of it
    DELETE /fault?alias=PREFIX    takes back what wasn't used
    POST /end                     ends the proxy

Kinds of faults: `lose-answer` (LiteLLM's handler does its work, then the connection closes), `half` (with headers and half of the
body before), `before` (it closes, and no handler runs), `slow` (waits `seconds` before the handler), `slow-answer` (and after
it), `status-500`, `status-503`, `status-429` (no handler runs; `retryAfter` is a header)."""

import asyncio
import hashlib
import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote

from litellm_filters import listed
from litellm_model import answer_json, body_of
from litellm_schema import now

SECRET = re.compile(r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_\-.~+]{13,}")
KINDS = {"lose-answer", "before", "slow", "slow-answer", "half", "status-500", "status-503", "status-429"}
STATUS_BODIES = {
    500: (b"text/plain; charset=utf-8", b"Internal Server Error"),
    503: (b"text/html", b"<html><body><h1>503 Service Unavailable</h1></body></html>"),
    429: (b"application/json", b'{"error":{"message":"Too many requests","type":"throttling_error","param":null,"code":"429"}}'),
}


def digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


def without_secrets(value):
    """The value with its keys replaced by their hashes: a log must not hold what it is there to look for."""
    if isinstance(value, str):
        return SECRET.sub(lambda match: "sha256:" + digest(match.group()), value)
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if isinstance(value, dict):
        return {name: without_secrets(item) for name, item in value.items()}
    return value


def hashed(key):
    return digest(key) if key.startswith("sk-") else key


class Behind:
    """Records the proxy's requests and spoils those for which a test asked."""

    def __init__(self, app, database, master_key, forget, end):
        self.app, self.database, self.master_key, self.forget, self.end = app, database, master_key, forget, end
        self.requests, self.faults = [], []

    def rows(self, table):
        return self.database.table(table).rows if self.database else []

    def alias_of(self, key):
        for table in ["LiteLLM_VerificationToken", "LiteLLM_DeletedVerificationToken"]:
            for row in self.rows(table):
                if row["token"] == hashed(key):
                    return row["key_alias"]
        return None

    def aliases(self, scope, body, caller):
        """The aliases that a request is about, whichever way it names its keys."""
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        found = [query.get("key_alias")]
        keys = [query.get("key"), caller]
        if named := re.match(r"/key/([^/]+)/(?:regenerate|reset_spend)$", scope["path"]):
            keys.append(unquote(named.group(1)))
        if isinstance(body, dict):
            found += [body.get("key_alias"), *listed(body.get("key_aliases") or [])]
            keys += [body.get("key"), *listed(body.get("keys") or [])]
        found += [self.alias_of(key) for key in keys if isinstance(key, str)]
        return list(dict.fromkeys(alias for alias in found if isinstance(alias, str)))

    def fault_for(self, path, aliases):
        for fault in self.faults:
            prefix = fault.get("alias")
            if re.fullmatch(fault["path"].replace("*", "[^/]+"), path) and (
                    not prefix or any(alias.startswith(prefix) for alias in aliases)):
                fault["times"] -= 1
                if fault["times"] <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        raw = await body_of(receive)
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            body = raw.decode(errors="replace")
        headers = {name.decode().lower(): value.decode(errors="replace") for name, value in scope["headers"]}
        caller = (headers.get("authorization") or headers.get("x-api-key") or "").removeprefix("Bearer ").strip()
        aliases = self.aliases(scope, body, caller)
        fault = self.fault_for(scope["path"], aliases)
        record = {
            "method": scope["method"], "path": without_secrets(scope["path"]), "status": None,
            "query": without_secrets(scope["query_string"].decode()), "body": without_secrets(body), "aliases": aliases,
            "caller": "master" if caller == self.master_key else ("sha256:" + digest(caller) if caller else None),
            "changedBy": headers.get("litellm-changed-by"), "fault": fault and fault["kind"],
        }
        self.requests.append(record)
        await self.pass_on(scope, raw, send, record, fault)

    async def pass_on(self, scope, raw, send, record, fault):
        kind = fault["kind"] if fault else None
        connection = getattr(send, "__self__", None)
        if kind == "before":
            return await close(connection)
        if kind and kind.startswith("status-"):
            status = record["status"] = int(kind.removeprefix("status-"))
            content, body = STATUS_BODIES[status]
            headers = [(b"content-type", content), (b"content-length", str(len(body)).encode())]
            if "retryAfter" in fault:
                headers.append((b"retry-after", str(fault["retryAfter"]).encode()))
            await send({"type": "http.response.start", "status": status, "headers": headers})
            return await send({"type": "http.response.body", "body": body})
        if kind == "slow":
            await asyncio.sleep(float(fault.get("seconds", 1)))
        given, start, parts = False, {}, []

        async def receive():
            nonlocal given
            if given:
                # Not the client's going away: a handler that starts must end, as behind a proxy.
                await asyncio.sleep(3600)
            given = True
            return {"type": "http.request", "body": raw, "more_body": False}

        async def keep(message):
            if message["type"] == "http.response.start":
                start.update(message)
                record["status"] = message["status"]
            else:
                parts.append(message.get("body", b""))

        async def observe(message):
            if message["type"] == "http.response.start":
                record["status"] = message["status"]
            await send(message)

        if kind not in {"lose-answer", "half", "slow-answer"}:
            return await self.app(scope, receive, observe)
        await self.app(scope, receive, keep)
        if kind == "slow-answer":
            await asyncio.sleep(float(fault.get("seconds", 1)))
            await send(start)
            return await send({"type": "http.response.body", "body": b"".join(parts)})
        if kind == "half":
            body = b"".join(parts)
            await send({**start, "headers": [*[(name, value) for name, value in start["headers"] if name != b"content-length"],
                                             (b"content-length", str(len(body)).encode())]})
            await send({"type": "http.response.body", "body": body[:len(body) // 2], "more_body": True})
        await close(connection)

    async def control(self, scope, receive, send):
        """The control server."""
        body = await body_of(receive)
        prefix = parse_qs(scope["query_string"].decode()).get("alias", [""])[0]
        request = json.loads(body) if body else {}
        route = (scope["method"], scope["path"])
        if route == ("GET", "/requests"):
            chosen = [one for one in self.requests if not prefix or any(alias.startswith(prefix) for alias in one["aliases"])]
            return await answer_json(send, 200, chosen)
        if route in {("GET", "/keys"), ("GET", "/deleted")}:
            name = "LiteLLM_VerificationToken" if scope["path"] == "/keys" else "LiteLLM_DeletedVerificationToken"
            chosen = [row for row in self.rows(name) if not prefix or (row["key_alias"] or "").startswith(prefix)]
            return await answer_json(send, 200, chosen)
        if route == ("POST", "/fault"):
            if request.get("kind") not in KINDS or not request.get("path"):
                return await answer_json(send, 400, {"error": f"'kind' must be one of {sorted(KINDS)}, and 'path' a path"})
            self.faults.append({"times": 1, **request})
        elif route == ("POST", "/end"):
            asyncio.get_running_loop().call_later(0.05, self.end)
        elif route == ("DELETE", "/fault"):
            self.faults = [fault for fault in self.faults if prefix and not (fault.get("alias") or "").startswith(prefix)]
        elif route in {("POST", "/expire"), ("POST", "/spend")}:
            rows = [row for row in self.rows("LiteLLM_VerificationToken") if row["token"] == request.get("token")]
            if not rows:
                return await answer_json(send, 404, {"error": "no key has this 'token'"})
            if scope["path"] == "/expire":
                rows[0]["expires"] = now() - timedelta(minutes=1)
            else:
                rows[0]["spend"] = float(request.get("spend", 0))
            await self.forget(rows[0]["token"])
        else:
            return await answer_json(send, 404, {"error": "not a route of the control server"})
        await answer_json(send, 200, {})


async def close(connection):
    """Ends the client's connection in the middle of the answer; `send` belongs to uvicorn's object that has it."""
    connection.transport.close()
    while not connection.disconnected:
        await asyncio.sleep(0.001)
