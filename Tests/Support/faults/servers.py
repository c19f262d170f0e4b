"""Real OpenBao servers for the tables: one that can be killed, stopped and sealed, or a cluster."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

SUPPORT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, SUPPORT)

from loopback_port import free_port  # noqa: E402

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
LIVE = (200, 429, 472, 473)


def call(address, method, path, body=None, token=None, timeout=5.0):
    """The status and the body of an answer; (None, {}) without one."""
    request = urllib.request.Request(f"{address}/v1/{path}", method=method)
    if token:
        request.add_header("X-Vault-Token", token)
    data = json.dumps(body).encode() if body is not None else None
    try:
        with OPENER.open(request, data, timeout=timeout) as reply:
            return reply.status, json.loads(reply.read() or b"{}")
    except urllib.error.HTTPError as error:
        try:
            return error.code, json.loads(error.read() or b"{}")
        except ValueError:
            return error.code, {}
    except (OSError, ValueError):
        return None, {}


class Server:
    """One server on loopback; `with` ends it and takes its data away."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="keyhooks-faults-")
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.addresses = [self.address]
        self.run()
        self.until(501)
        keys = self.admin("PUT", "sys/init", {"secret_shares": 1, "secret_threshold": 1}, token=None)[1]
        self.key, self.token = keys["keys_base64"][0], keys["root_token"]
        self.unseal()
        self.expect("POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "2"}})
        while self.admin("GET", "secret/config")[0] != 200:
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.signal(signal.SIGCONT)
        self.process.stdin.close()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self):
        self.process = subprocess.Popen(
            [os.path.join(SUPPORT, "openbao.sh"), "serve", self.folder, str(self.port), "--temporary"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def admin(self, method, path, body=None, timeout=5.0, token="root"):
        return call(self.address, method, path, body, self.token if token == "root" else token, timeout)

    def expect(self, method, path, body=None):
        status, reply = self.admin(method, path, body, timeout=30)
        if status not in (200, 204):
            raise RuntimeError(f"{method} {path}: {status} {reply.get('errors')}")
        return reply

    def until(self, *statuses):
        deadline = time.monotonic() + 60
        while (status := call(self.address, "GET", "sys/health", timeout=1)[0]) not in statuses:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the server says {status} and not {statuses}")
            time.sleep(0.02)

    def signal(self, number):
        with open(os.path.join(self.folder, "pid")) as file:
            try:
                os.kill(int(file.read()), number)
            except ProcessLookupError:
                pass

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def restart(self):
        self.run()
        self.until(503)
        self.unseal()

    def stop(self):
        self.signal(signal.SIGSTOP)

    def cont(self):
        self.signal(signal.SIGCONT)

    def seal(self):
        self.expect("POST", "sys/seal")

    def unseal(self):
        self.admin("POST", "sys/unseal", {"key": self.key}, token=None)
        self.until(200)

    def reads(self, part="secret/data/"):
        """When each read came, in seconds since 1970, by the audit log."""
        found = []
        with open(os.path.join(self.folder, "audit.log")) as log:
            for line in log:
                if '"type":"request"' in line and '"operation":"read"' in line and part in line:
                    stamp = json.loads(line)["time"]
                    whole = time.strptime(stamp[:19], "%Y-%m-%dT%H:%M:%S")
                    found.append(time.mktime(whole) - time.timezone + float("0" + stamp[19:].rstrip("Z")))
        return found

    def logins(self):
        with open(os.path.join(self.folder, "audit.log")) as log:
            return sum('"type":"request"' in line and '"path":"auth/approle/login"' in line for line in log)


class HangingProxy:
    """Passes requests on to a server on loopback, but those for some services, which it never answers."""

    def __init__(self, port, services):
        self.port, self.services = port, services
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.address = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, client):
        """The plugin's reads have no body, and it does not send the next before the answer."""
        try:
            with client, socket.create_connection(("127.0.0.1", self.port)) as server:
                threading.Thread(target=self.back, args=[server, client], daemon=True).start()
                while part := client.recv(65536):
                    service = part.split(b" ")[1].decode("latin-1").rsplit("/", 1)[-1] if b" " in part else ""
                    if service not in self.services:
                        server.sendall(part)
        except OSError:
            pass

    def back(self, server, client):
        try:
            while part := server.recv(65536):
                client.sendall(part)
        except OSError:
            pass


class Cluster:
    """Three servers of openbao-cluster.py."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="keyhooks-faults-")
        self.process = subprocess.Popen(
            [os.path.join(SUPPORT, "openbao-cluster.py"), "serve", self.folder, "--temporary"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.nodes = {}
        while (line := self.process.stdout.readline().split()) != ["ready"]:
            if not line:
                raise RuntimeError("the cluster did not start")
            if line[0] == "address":
                self.nodes[int(line[1])] = line[2]
        with open(os.path.join(self.folder, "token")) as file:
            self.token = file.read()
        self.addresses = list(self.nodes.values())
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def tell(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().split()
        if answer[0] != "ok":
            raise RuntimeError(" ".join(answer))
        return answer[1]

    def leader(self, other_than=None, within=60):
        """The active node, as soon as there is one."""
        deadline = time.monotonic() + within
        while (found := self.tell("leader")) in ("None", str(other_than)):
            if time.monotonic() > deadline:
                raise RuntimeError("there is no leader")
            time.sleep(0.05)
        return int(found)

    def settle(self):
        """Waits until every node votes and answers, as before the next fault."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            leader = self.nodes[self.leader()]
            reply = call(leader, "GET", "sys/storage/raft/autopilot/state", token=self.token)[1]
            if (reply.get("data") or {}).get("failure_tolerance") == 1:
                return
            time.sleep(0.5)
        raise RuntimeError("the cluster does not settle")
