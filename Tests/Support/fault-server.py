#!/usr/bin/env python3
"""A server on loopback that answers a read of KV version 2 as no good server does: cut off, endless, odd or not at all.

    Tests/Support/fault-server.py          prints its port, and serves until standard input closes
    Tests/Support/fault-server.py list     prints every fault: group, path, what may come of it

The path of a request says what is wrong with its answer: `/v1/kv/data/cut/plain/137`, or `/cut/plain/137`, is a good answer
that ends after 137 bytes. Before it, `warm/ID/` lets the first request of that path have a good answer. What a path may be
is in fault_answers.py, and what a client should make of it in fault_list.py. `/seen` lists the requests so far, and a
second port counts those that were led astray: `/stolen`.
"""

import os
import socket
import struct
import sys
import threading

import fault_answers
import fault_base
import fault_list


class Server:
    def __init__(self):
        self.lock = threading.Lock()
        self.seen = []
        self.warmed = set()
        self.stolen = 0
        self.listeners = [socket.create_server(("127.0.0.1", 0), backlog=1024) for _ in range(2)]

    def url(self, index):
        return "http://127.0.0.1:%d" % self.listeners[index].getsockname()[1]

    def run(self, index):
        while True:
            connection, _ = self.listeners[index].accept()
            threading.Thread(target=Connection(self, connection, index).run, daemon=True).start()


class Connection:
    def __init__(self, server, socket, index):
        self.server, self.socket, self.index = server, socket, index
        self.buffer = b""
        self.path, self.received = "", b""

    def url(self, index):
        return self.server.url(index)

    def requests(self):
        with self.server.lock:
            return list(self.server.seen)

    def run(self):
        try:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while self.request():
                if not self.reply():
                    break
        except OSError:
            pass  # A client that leaves is what half of the faults are about.
        finally:
            self.socket.close()

    def request(self):
        """Reads a request with its body; false when there is no more."""
        while b"\r\n\r\n" not in self.buffer:
            part = self.socket.recv(65536)
            if not part:
                return False
            self.buffer += part
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        self.path = lines[0].split(" ")[1]
        fields = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}
        length = int(fields.get("content-length", 0))
        while len(self.buffer) < length:
            part = self.socket.recv(65536)
            if not part:
                return False
            self.buffer += part
        self.received, self.buffer = self.buffer[:length], self.buffer[length:]
        if self.path not in ("/seen", "/stolen", "/list"):
            with self.server.lock:
                self.server.seen.append({"path": self.path, "headers": fields})
        return True

    def reply(self):
        """Answers; false when the connection is to be closed."""
        for step in self.steps():
            if isinstance(step, bytes):
                self.socket.sendall(step)
            elif isinstance(step, float):
                self.pause(step)
            elif step == fault_base.SILENCE:
                # Until the client leaves.
                while self.socket.recv(65536):
                    pass
                return False
            elif step == fault_base.RESET:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            else:
                return False
        return True

    def pause(self, seconds):
        """Waits, and no longer than the client does."""
        self.socket.settimeout(seconds)
        try:
            if not self.socket.recv(1, socket.MSG_PEEK):
                raise OSError("the client has left")
        except TimeoutError:
            pass
        finally:
            self.socket.settimeout(None)

    def steps(self):
        if self.path == "/list":
            return [fault_base.answer(body=fault_list.text().encode())]
        if self.path == "/stolen":
            return [fault_base.answer(body=str(self.server.stolen).encode())]
        if self.index == 1:
            with self.server.lock:
                self.server.stolen += 1
            return [fault_base.answer(body=fault_base.BODY.replace(b"right", b"stolen"))]
        path = self.path.split("?")[0]
        if path == "/v1/sys/health":
            return [fault_base.answer(body=fault_base.HEALTH)]
        if path == "/v1/sys/leader":
            return [fault_base.answer(body=fault_base.LEADER)]
        if path.startswith("/v1/sys/internal/ui/mounts/"):
            return [fault_base.answer(body=fault_base.MOUNT)]
        parts = path.strip("/").split("/")
        if parts[0] == "v1":
            if len(parts) < 4:
                return [fault_base.answer(404, b'{"errors":[]}\n')]
            parts = parts[3:]
        if parts[0] == "warm":
            with self.server.lock:
                is_first = path not in self.server.warmed
                self.server.warmed.add(path)
            parts = ["good"] if is_first else parts[2:]
        kind = fault_answers.KINDS.get(parts[0])
        if kind is None:
            return [fault_base.answer(body=b"reached")]
        return kind(self, *parts[1:])


if sys.argv[1:] == ["list"]:
    print(fault_list.text(), end="")
    sys.exit()
if len(sys.argv) > 1:
    sys.exit(__doc__)
threading.stack_size(256 << 10)
server = Server()
for index in range(2):
    threading.Thread(target=server.run, args=[index], daemon=True).start()
print(server.url(0).rsplit(":", 1)[1], flush=True)
sys.stdin.read()
os._exit(0)
