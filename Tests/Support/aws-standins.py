"""Stands in for what AWS gives over HTTP to instances, containers and people, and for STS: on a port of loopback, which
is printed as a line of JSON ({"url"}). Ends when standard input closes.

  /imds/KIND/…                instance metadata; KIND: two, one, refused, norole, code, empty, garbage, ended, silent
  /container/KIND             credentials of a container; KIND: open, token, broken, garbage, ended
  /sso/federation/credentials single sign-on, for the token `signed-on`
  /oidc/token                 its next token, for the right `may-refresh`
  /sts                        STS; what it gives depends on who asks for which role, and on nothing else
"""

import hashlib
import http.server
import json
import sys
import threading
import urllib.parse

from loopback_port import free_port

LATER = "2099-01-01T00:00:00Z"
BEFORE = "2020-01-01T00:00:00Z"


def keys(seed, expiration=LATER):
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return {
        "AccessKeyId": "ASIA" + digest[:16].upper(),
        "SecretAccessKey": digest[16:56],
        "Token": "token/" + digest[:20] + "==",
        "Expiration": expiration,
    }


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body="", **headers):
        body = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        url = urllib.parse.urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        if parts[0] == "imds":
            return self.metadata(parts[1], "/".join(parts[2:]), url.path.endswith("/"))
        if parts[0] == "container":
            return self.container(parts[1])
        if url.path == "/sso/federation/credentials":
            return self.sign_on(urllib.parse.parse_qs(url.query))
        if url.path == "/oidc/token":
            return self.next_token(json.loads(body))
        if parts[0] == "sts":
            return self.tokens(urllib.parse.parse_qs(body))
        self.reply(404)

    do_GET = do_POST = do_PUT = handle_any

    def metadata(self, kind, path, is_folder):
        if path == "latest/api/token":
            if kind == "silent":
                threading.Event().wait(5)
            if kind in ("one", "refused"):
                return self.reply(404 if kind == "one" else 400)
            if self.command != "PUT" or self.headers.get("x-aws-ec2-metadata-token-ttl-seconds") != "21600":
                return self.reply(400)
            return self.reply(200, "metadata-token")
        if kind not in ("one", "silent") and self.headers.get("x-aws-ec2-metadata-token") != "metadata-token":
            return self.reply(401)
        if path == "latest/meta-data/placement/region":
            return self.reply(200, "eu-north-1")
        if path == "latest/meta-data/iam/security-credentials" and is_folder:
            return self.reply(404) if kind == "norole" else self.reply(200, "" if kind == "empty" else "the-role")
        if path == "latest/meta-data/iam/security-credentials/the-role":
            if kind == "code":
                return self.reply(200, {"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"})
            if kind == "garbage":
                return self.reply(200, "<html>")
            return self.reply(200, {"Code": "Success", **keys(kind, BEFORE if kind == "ended" else LATER)})
        self.reply(404)

    def container(self, kind):
        if kind == "token" and self.headers.get("Authorization") != "container-token":
            return self.reply(403, {"code": "AccessDeniedException"})
        if kind == "broken":
            return self.reply(500, "no")
        if kind == "garbage":
            return self.reply(200, "<html>")
        self.reply(200, keys("container " + kind, BEFORE if kind == "ended" else LATER))

    def sign_on(self, query):
        if self.headers.get("x-amz-sso_bearer_token") != "signed-on":
            return self.reply(401, {"message": "no"}, x_amzn_errortype="UnauthorizedException")
        made = keys(f"sso {query['role_name'][0]} {query['account_id'][0]}")
        names = {"AccessKeyId": "accessKeyId", "SecretAccessKey": "secretAccessKey", "Token": "sessionToken"}
        answer = {new: made[old] for old, new in names.items()}
        self.reply(200, {"roleCredentials": {**answer, "expiration": 4070908800000}})

    def next_token(self, body):
        if body != {
            "grantType": "refresh_token", "clientId": "client", "clientSecret": "client-secret",
            "refreshToken": "may-refresh",
        }:
            return self.reply(400, {"error": "invalid_grant"}, x_amzn_errortype="InvalidGrantException")
        self.reply(200, {"accessToken": "signed-on", "tokenType": "Bearer", "expiresIn": 28800, "refreshToken": "next"})

    def tokens(self, form):
        action, role, session = (form[name][0] for name in ("Action", "RoleArn", "RoleSessionName"))
        if "denied" in role:
            error = "<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>"
            return self.reply(403, f"<ErrorResponse>{error}<RequestId>1-2-3</RequestId></ErrorResponse>")
        signature = self.headers.get("Authorization", "")
        caller = signature.split("Credential=")[-1].split("/")[0]
        region = signature.split("/")[2] if "/" in signature else ""
        # The name that a program makes up has the time in it.
        named = "" if session.startswith(("botocore-session-", "keyhooks-")) else session
        rest = [form.get(name, [""])[0] for name in ("ExternalId", "DurationSeconds", "WebIdentityToken")]
        made = keys(" ".join([action, role, named, caller, region, self.headers.get("X-Amz-Security-Token", ""), *rest]))
        fields = {**made, "SessionToken": made.pop("Token")}
        fields.pop("Token", None)
        text = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
        self.reply(
            200,
            f"<{action}Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><{action}Result>"
            f"<Credentials>{text}</Credentials></{action}Result></{action}Response>",
            Content_Type="text/xml",
        )


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """A client that gave up is part of a test."""


server = Server(("127.0.0.1", free_port()), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
sys.stdin.read()
