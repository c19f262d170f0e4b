"""Every fault of the fault server, through the plugin and a resolver; crashes are found, each in a process of its own."""

import os
import resource
import subprocess
import sys
import threading
from collections import Counter

from load import PROGRAM, Table, environment
from servers import SUPPORT

# What may come of a fault, by what the plugin said.
KINDS = {
    "right": "right",
    "other": "other",
    "weak": "absent",
    "unavailable": "passing",
    "timedOut": "passing",
    "sealed": "passing",
    "denied": "final",
    "unauthenticated": "final",
    "invalidConfiguration": "final",
    "crash": "crash",
}


class FaultServer:
    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(SUPPORT, "fault-server.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.address = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def faults():
    text = subprocess.check_output([sys.executable, os.path.join(SUPPORT, "fault-server.py"), "list"], text=True)
    return [tuple(line.split("\t")) for line in text.splitlines()]


def run(address, lines, width, warm):
    """What came of each fault, those that were under way when the process ended, and its last words about itself."""
    process = subprocess.Popen(
        [PROGRAM, "wire", address, "--width", str(width)] + (["--warm"] if warm else []),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment("s.test", "/nonexistent"),
        # A program that takes what is endless ends itself and not the machine; it counts as a crash.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)),
    )

    def feed():
        try:
            process.stdin.write("".join("\t".join(line) + "\n" for line in lines))
            process.stdin.close()
        except OSError:
            pass  # It has ended before it read all of them.

    threading.Thread(target=feed, daemon=True).start()
    open_, found, usage = set(), {}, None
    for line in process.stdout:
        words = line.split()
        if words[0] == "begin":
            open_.add(words[1])
        elif words[0] == "end":
            open_.discard(words[1])
            found[words[1]] = (" ".join(words[2:-1]), int(words[-1]))
        else:
            usage = words[1:]
    return found, open_ if process.wait() != 0 else set(), usage


def meet(address, lines, warm):
    """Many at a time; those that may have ended the process again, each alone."""
    found, usage, left = {}, None, list(lines)
    while left:
        some, suspects, seen = run(address, left, 24, warm)
        found.update(some)
        usage = seen or usage
        for line in [line for line in left if line[1] in suspects]:
            alone, crashed, _ = run(address, [line], 1, warm)
            found.update(alone if not crashed else {line[1]: ("crash", 0)})
        before = len(left)
        left = [line for line in left if line[1] not in found]
        if len(left) == before:
            raise RuntimeError("the load program does not get on; see what it writes to standard error")
    return found, usage


def wire(only="", warm=False):
    lines = [line for line in faults() if only in line[0]]
    if warm:
        # Every fault that an old value should bridge; of the many alike, some.
        lines = [line for line in lines if set(line[2].split()) <= {"right", "passing"}]
        lines = [
            line
            for at, line in enumerate(lines)
            if not line[0].startswith(("cut", "retry", "reset", "status")) or at % 7 == 0
        ]
    title = "Faults on the wire" + (", with a value whose TTL is over" if warm else "")
    table = Table(
        title + ": each once against a fresh resolver, timeout 2 s, a weak key in the environment",
        "group",
        "faults",
        "right",
        "typed error",
        "weak",
        "other",
        "crash",
        "unexpected",
        "slowest ms",
    )
    with FaultServer() as server:
        for group in dict.fromkeys(line[0] for line in lines):
            part = [line for line in lines if line[0] == group]
            found, usage = meet(server.address, part, warm)
            answers = Counter(answer for answer, _ in found.values())
            odd = [
                f"{path} {found[path][0]}"
                for _, path, may in part
                if KINDS.get(found[path][0]) not in (["right"] if warm else may.split())
            ]
            late = [f"{path} {found[path][1]} ms" for _, path, _ in part if found[path][1] > 2500]
            errors = {code: n for code, n in answers.items() if KINDS.get(code) in ("passing", "final", None)}
            table.row(
                group,
                len(part),
                answers["right"],
                ", ".join(f"{n} `{code}`" for code, n in sorted(errors.items())) or 0,
                answers["weak"],
                answers["other"],
                answers["crash"],
                ", ".join(odd[:4]) + (f" … ({len(odd)})" if len(odd) > 4 else "") + "; ".join(late[:3]),
                max(time for _, time in found.values()),
            )
        if usage:
            resident, peak = int(usage[0]) >> 20, int(usage[1]) >> 20
            print(
                f"\nThe last process at its end: {resident} MiB, at most {peak}; {usage[2]} threads, {usage[3]} descriptors."
            )
