#!/usr/bin/env python3
"""A stand-in for the part of Kubernetes that OpenBao asks about the tokens of service accounts.

Prints its port, then takes one token a line: the one that is valid from now on, in place of the one before. It answers
the API TokenReview (authentication.k8s.io/v1) and nothing else, and ends when its standard input closes.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

valid = {"token": None}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/apis/authentication.k8s.io/v1/tokenreviews":
            self.send_error(404)
            return
        status = {"authenticated": False, "error": "the token is not valid"}
        if body["spec"]["token"] == valid["token"]:
            user = {
                "username": "system:serviceaccount:apps:reader",
                "uid": "uid-reader",
                "groups": ["system:serviceaccounts", "system:serviceaccounts:apps"],
            }
            status = {"authenticated": True, "user": user}
        answer = {"kind": "TokenReview", "apiVersion": "authentication.k8s.io/v1", "status": status}
        text = json.dumps(answer).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
for line in sys.stdin:
    valid["token"] = line.strip()
    print("valid", flush=True)
os._exit(0)
