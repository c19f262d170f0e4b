#!/usr/bin/env python3
"""Three real OpenBao servers that make one Raft cluster on loopback, for tests and for whoever wants to try it.

    Tests/Support/openbao-cluster.py serve FOLDER [--temporary]

Starts the nodes 1, 2 and 3 on free ports, initialises and unseals them, mounts KV version 2 at `secret`, and prints

    address 1 http://127.0.0.1:PORT      and so for 2 and 3
    token FOLDER/token                   the file with the root token, which only you can read
    ready

It serves until standard input closes, then ends the nodes; with --temporary it takes FOLDER away. FOLDER holds a folder
for each node, with its data and server.log. In another terminal:

    export BAO_ADDR=http://127.0.0.1:PORT BAO_TOKEN=$(cat FOLDER/token)
    $(Tests/Support/openbao.sh binary) kv put secret/ai/openai api_key=sk-test
    keyhooks --config keyhooks.json get openai

where keyhooks.json holds

    {
      "plugins": {
        "openbao": {
          "address": ["http://127.0.0.1:PORT1", "http://127.0.0.1:PORT2", "http://127.0.0.1:PORT3"],
          "path": "ai/{service}"
        }
      }
    }

Commands on standard input, each answered by a line `ok …` or `error …`:

    leader            ok N: the active node
    kill N, start N   ends a node as a crash would; starts it again with its data, and unseals it
    stop N, cont N    SIGSTOP and SIGCONT: a node that hangs
    cut N, heal N     cuts a node off from the others, not from its clients; joins it again

The nodes' traffic among themselves goes through forwarders of this program, which can be told to carry nothing. Whose
connection it is, it looks up under /proc, so cut and heal work on Linux only.
"""

import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from loopback_port import free_port

SUPPORT = os.path.dirname(os.path.abspath(__file__))


class Forwarder:
    """Carries what the other nodes send to one node, unless one of the two is cut off."""

    def __init__(self, cluster, number, target):
        self.cluster, self.number, self.target = cluster, number, target
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.connections = {}
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            inner, address = self.listener.accept()
            threading.Thread(target=self.open, args=[inner, address[1]], daemon=True).start()

    def open(self, inner, port):
        # The system's table changes while it is read, and a line may be missed. A connection that nobody has was closed
        # meanwhile, or belongs to a node that was killed.
        source = next(filter(None, (self.cluster.owner(port, self.port) for _ in range(20))), None)
        try:
            outer = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            inner.close()
            return
        with self.lock:
            self.connections[inner] = (source, outer)
        for ends in [(inner, outer), (outer, inner)]:
            threading.Thread(target=self.carry, args=[source, inner, *ends], daemon=True).start()

    def carry(self, source, key, origin, goal):
        try:
            while part := origin.recv(65536):
                # What is lost on a cut line is lost for good: the connection is closed when it is joined again.
                if not self.cluster.is_cut(source, self.number):
                    goal.sendall(part)
        except OSError:
            pass
        if not self.cluster.is_cut(source, self.number):
            self.close(key)

    def close(self, key):
        with self.lock:
            _, outer = self.connections.pop(key, (None, None))
        for end in [key, outer]:
            if end:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()

    def drop(self, number):
        """Closes the connections of a node that was cut off."""
        with self.lock:
            keys = [key for key, (source, _) in self.connections.items() if number in (source, self.number)]
        for key in keys:
            self.close(key)


class Node:
    def __init__(self, cluster, number):
        self.cluster, self.number = cluster, number
        self.folder = os.path.join(cluster.folder, f"node{number}")
        os.makedirs(os.path.join(self.folder, "data"), exist_ok=True)
        self.port, inner = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.forwarder = Forwarder(cluster, number, inner)
        # A multiplier of one makes elections take a second in place of five. Audit devices belong to the cluster, so
        # their path must be the same for all: it is one in the folder that each node runs in.
        with open(os.path.join(self.folder, "config.hcl"), "w") as file:
            file.write(f"""api_addr = "{self.address}"
cluster_addr = "https://127.0.0.1:{self.forwarder.port}"
storage "raft" {{
  path = "{self.folder}/data"
  node_id = "node{number}"
  performance_multiplier = 1
}}
listener "tcp" {{
  address = "127.0.0.1:{self.port}"
  cluster_address = "127.0.0.1:{inner}"
  tls_disable = true
  max_request_json_strings = 10000
}}
audit "file" "requests" {{
  options {{
    file_path = "audit.log"
    log_raw = "false"
  }}
}}
""")
        self.process = None

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def run(self):
        # An empty environment: BAO_ and VAULT_ variables of the developer must not reach the server.
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder}
        with open(os.path.join(self.folder, "server.log"), "ab") as log:
            self.process = subprocess.Popen(
                [self.cluster.bao, "server", f"-config={self.folder}/config.hcl"],
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def call(self, method, path, body=None, token=None, timeout=5):
        """The status and the body of an answer; (None, {}) without one."""
        request = urllib.request.Request(f"{self.address}/v1/{path}", method=method)
        request.add_header("X-Vault-Request", "true")
        if token:
            request.add_header("X-Vault-Token", token)
        data = json.dumps(body).encode() if body is not None else None
        try:
            with OPENER.open(request, data, timeout=timeout) as reply:
                return reply.status, json.loads(reply.read() or b"{}")
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                return error.code, json.loads(text or b"{}")
            except ValueError:
                return error.code, {}
        except (OSError, ValueError):
            return None, {}

    def health(self):
        return self.call("GET", "sys/health", timeout=1)[0]

    def until(self, *statuses):
        deadline = time.monotonic() + 60
        while (status := self.health()) not in statuses:
            if not self.is_running() or time.monotonic() > deadline:
                raise RuntimeError(f"node {self.number} says {status} and not {statuses}; see {self.folder}/server.log")
            time.sleep(0.02)

    def unseal(self, key):
        self.until(501, 503)
        self.call("POST", "sys/unseal", {"key": key})
        self.until(200, 429, 472, 473)


# Proxies of the developer are not for loopback.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Cluster:
    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.folder = os.path.realpath(folder)
        self.bao = subprocess.check_output([os.path.join(SUPPORT, "openbao.sh"), "binary"], text=True).strip()
        self.cut = set()
        self.nodes = {number: Node(self, number) for number in (1, 2, 3)}

    def start(self):
        first = self.nodes[1]
        for node in self.nodes.values():
            node.run()
        first.until(501)
        keys = first.call("POST", "sys/init", {"secret_shares": 1, "secret_threshold": 1}, timeout=30)[1]
        self.key, self.token = keys["keys_base64"][0], keys["root_token"]
        first.unseal(self.key)
        first.until(200)
        # A new node, and one that comes back, counts after a second in place of ten.
        first.call("POST", "sys/storage/raft/autopilot/configuration", {"server_stabilization_time": "1s"}, self.token)
        for number in (2, 3):
            node = self.nodes[number]
            node.until(501, 503)
            node.call("POST", "sys/storage/raft/join", {"leader_api_addr": first.address}, timeout=30)
            node.unseal(self.key)
        status, reply = first.call("POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "2"}}, self.token)
        if status != 204:
            raise RuntimeError(f"the mount cannot be made: {reply}")
        deadline = time.monotonic() + 60
        # A new mount is upgraded for a moment, and a new node votes after some seconds only.
        while first.call("GET", "secret/config", token=self.token)[0] != 200 or self.voters() < 3:
            if time.monotonic() > deadline:
                raise RuntimeError("the nodes do not make a cluster")
            time.sleep(0.1)
        with open(
            os.open(os.path.join(self.folder, "token"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
        ) as file:
            file.write(self.token)

    def voters(self):
        reply = self.nodes[1].call("GET", "sys/storage/raft/configuration", token=self.token)[1]
        servers = (reply.get("data") or {}).get("config", {}).get("servers", [])
        return sum(bool(server.get("voter")) for server in servers)

    def leader(self):
        """The active node. One that was cut off may think it is for a moment, so the others are asked first."""
        for node in sorted(self.nodes.values(), key=lambda node: node.number in self.cut):
            if node.health() == 200:
                return node.number
        return None

    def owner(self, port, remote):
        """The node that has one end of a connection on loopback, by its inode; None for anybody else."""
        want = [f"0100007F:{number:04X}" for number in (port, remote)]
        inode = None
        for path in ("/proc/net/tcp", "/proc/net/tcp6"):
            try:
                with open(path) as table:
                    for line in table:
                        fields = line.split()
                        if all(text.endswith(end) for text, end in zip(fields[1:3], want)):
                            inode = fields[9]
            except OSError:
                pass
        for number, node in self.nodes.items():
            if node.process is None:
                continue
            for link in glob.glob(f"/proc/{node.process.pid}/fd/*"):
                try:
                    if os.readlink(link) == f"socket:[{inode}]":
                        return number
                except OSError:
                    pass
        return None

    def is_cut(self, *numbers):
        return not self.cut.isdisjoint(numbers)

    def obey(self, words):
        if words == ["leader"]:
            return str(self.leader())
        command = words[0]
        if command not in ("kill", "start", "stop", "cont", "cut", "heal"):
            raise ValueError(f"unknown command '{command}'; write leader, or kill, start, stop, cont, cut or heal")
        if len(words) != 2 or words[1] not in ("1", "2", "3"):
            raise ValueError(f"{command} needs the number of a node, as in: {command} 1")
        number = int(words[1])
        node = self.nodes[number]
        # A second process would find the ports taken, and the first one would be nobody's.
        if command in ("kill", "stop", "cont") and not node.is_running():
            raise ValueError(f"node {number} doesn't run; start it first")
        if command == "start" and node.is_running():
            raise ValueError(f"node {number} runs already; kill it first")
        if command == "kill":
            node.process.kill()
            node.process.wait()
        elif command == "start":
            node.run()
            node.unseal(self.key)
        elif command == "stop":
            node.process.send_signal(signal.SIGSTOP)
        elif command == "cont":
            node.process.send_signal(signal.SIGCONT)
        elif command == "cut":
            self.cut.add(number)
        elif command == "heal":
            self.cut.discard(number)
            for other in self.nodes.values():
                other.forwarder.drop(number)
        return " ".join(words)

    def end(self):
        for node in self.nodes.values():
            if node.is_running():
                node.process.kill()
                node.process.wait()


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--temporary"]
    if len(arguments) != 2 or arguments[0] != "serve":
        sys.exit(__doc__)
    if os.path.exists(os.path.join(arguments[1], "node1")):
        sys.exit(f"error: {arguments[1]} has the data of an earlier cluster; take it away or name another folder")
    cluster = Cluster(arguments[1])
    # Ended by a signal, the nodes must end too.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        cluster.start()
        for number, node in cluster.nodes.items():
            print(f"address {number} {node.address}")
        print(f"token {cluster.folder}/token\nready", flush=True)
        for line in sys.stdin:
            if not line.split():
                continue
            try:
                print("ok", cluster.obey(line.split()), flush=True)
            except (RuntimeError, ValueError) as error:
                print("error", error, flush=True)
    finally:
        cluster.end()
        if "--temporary" in sys.argv:
            shutil.rmtree(cluster.folder, ignore_errors=True)


main()
