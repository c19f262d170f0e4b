"""One run of the load program: who writes, what happens when, what came of it."""

import json
import os
import subprocess
import tempfile
import threading
import time
import zlib

from servers import call

PROGRAM = os.environ.get("KEYHOOKS_LOAD_PROGRAM", "")


def value(service, version):
    text = f"kh1_{service}_{version}_{int(time.time() * 1000)}"
    return f"{text}_{zlib.crc32(text.encode()):x}"


class Writer:
    """Writes new versions of all secrets, and tells the load programs what the server has acknowledged."""

    def __init__(self, addresses, token, services, one_secret):
        self.addresses, self.token, self.one_secret = list(addresses), token, one_secret
        self.services = [f"svc{number}" for number in range(services)]
        # Above what an earlier writer to the same servers has written.
        self.version, self.listeners, self.acknowledged = int(time.time()) * 10, [], []
        self.followed = {}
        self.stopped = threading.Event()

    def put(self, path, fields, patience=5.0):
        """Whether a server has taken it; a cluster's other servers are tried.

        Each write says which version it follows: a server that hung would otherwise do what it was told before it hung
        when it goes on, after all that was written since.
        """
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and not self.stopped.is_set():
            url, place = self.addresses[0], f"secret/data/load/{path}"
            body = {"data": fields, "options": {"cas": self.followed.get(path, 0)}}
            status, reply = call(url, "POST", place, body, self.token, timeout=1.5)
            if status == 200:
                self.followed[path] = reply["data"]["version"]
                return True
            if status == 400 and "check-and-set" in str(reply.get("errors")):
                status, reply = call(url, "GET", place, token=self.token, timeout=1.5)
                if status == 200:
                    self.followed[path] = reply["data"]["metadata"]["version"]
                    if reply["data"]["data"] == fields:
                        return True
            self.addresses.append(self.addresses.pop(0))
            time.sleep(0.05)
        return False

    def write(self, patience=5.0):
        self.version += 1
        if self.one_secret:
            parts = [("all", {service: value(service, self.version) for service in self.services})]
        else:
            parts = [(service, {"value": value(service, self.version)}) for service in self.services]
        for path, fields in parts:
            if self.put(path, fields, patience):
                self.tell(f"ack {path} {self.version} {time.time_ns()}")

    def tell(self, line):
        self.acknowledged.append(line)
        for listener in self.listeners:
            try:
                print(line, file=listener, flush=True)
            except (OSError, ValueError):
                pass

    def rotate(self, interval=1.0):
        def run():
            due = time.monotonic()
            while not self.stopped.is_set():
                due += interval
                self.stopped.wait(max(0, due - time.monotonic()))
                self.write()

        threading.Thread(target=run, daemon=True).start()


def configuration(folder, addresses, one_secret=False, **settings):
    """A keyhooks.json for the load program; its path."""
    section = {
        "address": addresses,
        "mount": "secret",
        "token": "env:TEST_TOKEN",
        "ttl": "2s",
        "timeout": "2s",
        "staleIfError": "1h",
        "path": "load/all" if one_secret else "load/{service}",
        "field": "{service}" if one_secret else "value",
    }
    section.update(settings)
    path = os.path.join(folder, "keyhooks.json")
    with open(path, "w") as file:
        json.dump({"plugins": {"openbao": {k: v for k, v in section.items() if v is not None}}}, file)
    return path


def milliseconds(text):
    for unit, factor in (("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)):
        if text.endswith(unit):
            return int(float(text[: -len(unit)]) * factor)
    raise ValueError(text)


def environment(token, folder):
    return {"PATH": os.environ["PATH"], "HOME": folder, "TEST_TOKEN": token, "SWIFT_BACKTRACE": "enable=no"}


def ask(
    server, services=50, one_secret=False, rate="200", seconds=30, events=(), rotate=False, writer=None, **settings
):
    """Runs the program while things happen.

    events: (second, action); an action that returns "ready" is the end of the fault.
    """
    with tempfile.TemporaryDirectory(prefix="keyhooks-load-") as folder:
        path = configuration(folder, settings.pop("address", server.addresses), one_secret, **settings)
        if writer is None:
            writer = Writer(server.addresses, server.token, services, one_secret)
            writer.write(patience=30)
        command = [PROGRAM, "ask", path, "--services", str(services), "--seconds", str(seconds), "--rate", str(rate)]
        command += ["--ttl", str(milliseconds(settings.get("ttl", "2s")))]
        command += ["--stale", str(milliseconds(settings.get("staleIfError", "1h")))]
        command += ["--one-secret"] if one_secret else []
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=environment(server.token, folder),
        )
        begin = time.monotonic()
        for line in writer.acknowledged:
            print(line, file=process.stdin, flush=True)
        writer.listeners.append(process.stdin)
        if rotate:
            writer.rotate()
        for second, action in events:
            time.sleep(max(0, begin + second - time.monotonic()))
            if action() == "ready":
                writer.tell(f"ready {time.time_ns()}")
        out = process.stdout.read()
        status = process.wait()
        writer.stopped.set()
    if status != 0:
        return {"crash": status}
    result = json.loads(out)
    if result["failures"] and os.environ.get("KEYHOOKS_FAULTS_VERBOSE"):
        print("first failures:", *result["failures"], sep="\n  ", flush=True)
    return result


def number(found, digits=2):
    return "–" if found is None else f"{found:,.{digits}f}"


def count(found):
    return f"{found:,}"


def failures(result):
    return ", ".join(f"{count(n)} `{code}`" for code, n in sorted(result["failed"].items())) or "0"


class Table:
    """Prints a markdown table row by row, so that what is done is there when the rest is interrupted."""

    def __init__(self, title, *columns):
        load = os.getloadavg()[0]
        print(f"\n## {title}\n\n{time.strftime('%H:%M')}, load average {load:.1f} when it began\n")
        print(
            "| " + " | ".join(columns) + " | load |",
            "| " + " | ".join("---" for _ in columns) + " | --- |",
            sep="\n",
            flush=True,
        )

    def row(self, *cells):
        print("| " + " | ".join(str(cell) for cell in cells) + f" | {os.getloadavg()[0]:.1f} |", flush=True)
