#!/usr/bin/env python3
"""HTTPS servers on loopback with certificates of a private authority, good ones and bad ones, for the tests of HTTPTransport.

Usage: tls-server.py FOLDER. Makes the files in FOLDER with the command openssl, prints a line of JSON with the port of each
server once all of them listen, and ends when standard input closes. The server 'log' speaks plain HTTP and tells how often
each path was asked for, whatever the server.
"""

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder = sys.argv[1]
os.chdir(folder)
seen = {}


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def key(name):
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", f"{name}.key")


def authority(name):
    key(name)
    openssl("req", "-x509", "-new", "-key", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", f"/CN=KeyHooks {name}")
    with open(f"{name}.cnf", "w") as file:
        file.write(f"""[ca]
default_ca = d
[d]
database = {name}.txt
new_certs_dir = .
certificate = {name}.pem
private_key = {name}.key
default_md = sha256
policy = p
rand_serial = yes
unique_subject = no
copy_extensions = copy
[p]
commonName = supplied
""")
    open(f"{name}.txt", "w").close()


def certificate(name, subject, names, start="20200101000000Z", end="20491231000000Z", issuer="ca"):
    key(name)
    extension = ["-addext", f"subjectAltName={names}"] if names else []
    openssl("req", "-new", "-key", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={subject}", *extension)
    openssl("ca", "-batch", "-notext", "-config", f"{issuer}.cnf", "-in", f"{name}.csr", "-out", f"{name}.pem",
            "-startdate", start, "-enddate", end)


def make():
    authority("ca")
    authority("stranger-ca")
    here = "DNS:localhost,IP:127.0.0.1"
    certificate("good", "localhost", here)
    certificate("expired", "localhost", here, end="20200201000000Z")
    certificate("future", "localhost", here, start="20400101000000Z")
    certificate("elsewhere", "vault.example", "DNS:vault.example")
    certificate("odd", "odd \\' name", here, issuer="stranger-ca")
    certificate("client", "a client", None)
    certificate("stranger", "a stranger", None, issuer="stranger-ca")
    key("selfsigned")
    openssl("req", "-x509", "-new", "-key", "selfsigned.key", "-out", "selfsigned.pem", "-days", "2", "-subj", "/CN=localhost",
            "-addext", f"subjectAltName={here}")
    openssl("pkey", "-in", "client.key", "-aes256", "-passout", "pass:secret", "-out", "client-locked.key")
    with open("client-both.pem", "w") as file:
        file.write(open("client.pem").read() + open("client.key").read())
    os.mkdir("authorities")
    hashed = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", "ca.pem"], check=True, capture_output=True, text=True)
    os.symlink("../ca.pem", f"authorities/{hashed.stdout.strip()}.0")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    name = ""
    context = None

    def finish_request(self, request, client_address):
        if self.context:
            request.settimeout(20)
            request = self.context.wrap_socket(request, server_side=True)
        self.RequestHandlerClass(request, client_address, self)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class UnixServer(Server):
    address_family = socket.AF_UNIX

    def server_bind(self):
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "unix", 0

    def get_request(self):
        request, _ = self.socket.accept()
        return request, ("unix", 0)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        body = {"server": self.server.name, "host": self.headers.get("Host"), "path": self.path}
        if self.server.name == "log":
            body = seen
        else:
            seen[self.path] = seen.get(self.path, 0) + 1
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class Deaf(BaseHTTPRequestHandler):
    """Ends a connection over which something comes, and keeps silent on any other."""

    def handle(self):
        self.request.recv(1)


def serve(name, certificate=None, clients=None, newest=None, path=None, handler=Handler):
    server = UnixServer(path, handler) if path else Server(("127.0.0.1", 0), handler)
    server.name = name
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{certificate}.pem", f"{certificate}.key")
        if newest:
            context.maximum_version = newest
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients)
        server.context = context
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


make()
ports = {name: serve(name, name) for name in ["good", "expired", "future", "elsewhere", "odd", "selfsigned"]}
ports["mutual"] = serve("mutual", "good", "ca.pem")
ports["mutual12"] = serve("mutual12", "good", "ca.pem", ssl.TLSVersion.TLSv1_2)
ports["deaf"] = serve("deaf", "good", handler=Deaf)
ports["plain"] = serve("plain")
ports["log"] = serve("log")
serve("socket", path="plain.sock")
serve("socket-tls", "good", path="tls.sock")
print(json.dumps(ports), flush=True)
sys.stdin.read()
os._exit(0)
