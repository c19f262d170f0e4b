#!/usr/bin/env python3
"""An HTTP server on loopback that answers as no good server does, for the tests of HTTPTransport.

Prints its port, and ends when standard input closes.
"""

import gzip
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

seen = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        self.reply(200, self.rfile.read(length))

    def do_GET(self):
        if self.path == "/seen":
            return self.reply(200, json.dumps({"requests": seen}).encode())
        seen.append({"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}})
        kind = self.path.split("/")[1]
        if kind == "redirect":
            self.reply(int(self.path.split("/")[2]), b"elsewhere", Location="/target")
        elif kind == "keep":
            self.reply(200, b"x", Set_Cookie="a=b; Max-Age=3600", Cache_Control="max-age=3600", ETag='"1"')
        elif kind == "login":
            self.reply(401, b"who?", WWW_Authenticate='Basic realm="leak"')
        elif kind == "packed":
            self.reply(200, gzip.compress(b"\0" * (1 << 28), 1), Content_Encoding="gzip")
        elif kind == "garbage":
            self.wfile.write(b"\x15\x03\x01 this is no HTTP")
            self.close_connection = True
        elif kind == "bytes":
            self.reply(200, b"x" * int(self.path.split("/")[2]))
        elif kind == "endless":
            self.endless()
        elif kind == "silent":
            time.sleep(60)
        elif kind == "slow":
            time.sleep(0.2)
            self.reply(200, b"late")
        elif kind == "drip":
            self.drip()
        elif kind == "short":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"too little")
            self.close_connection = True
        elif kind == "close":
            self.close_connection = True
        else:
            self.reply(200, b"reached")

    def endless(self):
        self.send_response(200)
        self.send_header("Content-Length", str(1 << 28))
        self.end_headers()
        try:
            for _ in range(1 << 12):
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass
        self.close_connection = True

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        try:
            for _ in range(600):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass
        self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        # A client that leaves is what half of the tests are about.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
os._exit(0)
