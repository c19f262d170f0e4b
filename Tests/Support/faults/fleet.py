"""200 processes at once, and the tool with addresses that are dead."""

import os
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter

from load import PROGRAM, Table, Writer, configuration, count, environment
from servers import Server, free_port

TOOL = os.environ.get("KEYHOOKS_TOOL", "")


class BlackHole:
    """A port whose queue is full, so that whoever connects waits as for a machine that is gone."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.address = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.held = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(self.listener.getsockname())
            self.held.append(filler)


def percentiles(times):
    times = sorted(times)
    return " / ".join(f"{times[min(len(times) - 1, int(len(times) * share))] * 1000:,.1f}" for share in (0.5, 0.99, 1))


def get(path, token, folder):
    start = time.monotonic()
    process = subprocess.run(
        [TOOL, "get", "svc1", "--config", path],
        env=environment(token, folder) | {"SVC1_API_KEY": "sk-weak"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    kind = "weak" if "sk-weak" in process.stdout else "right" if process.stdout.startswith("kh1_svc1_") else "nothing"
    return time.monotonic() - start, process.returncode, kind


def tool():
    table = Table("The tool", "case", "n", "p50 / p99 / max ms", "exit")
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        Writer(server.addresses, server.token, 2, False).write()
        dead = lambda n: [f"http://127.0.0.1:{free_port()}" for _ in range(n)]
        holes = [BlackHole() for _ in range(4)]
        black = [hole.address for hole in holes]
        live = server.addresses
        cases = [
            ("own secret", 50, live, {}),
            ("server down (refused)", 20, dead(1), {}),
            ("black hole, default timeout", 2, black[:1], {}),
            ("5 addresses: 4 refuse, last lives", 20, dead(4) + live, {}),
            ("5 addresses: 4 black holes, last lives", 3, black + live, {}),
            ("the same, timeout 2s", 3, black + live, {"timeout": "2s"}),
            ("2 addresses: black hole, live", 3, black[:1] + live, {}),
            ("5 addresses, first lives", 20, live + black, {}),
            ("3 addresses: 1 black hole first", 3, black[:1] + live + dead(1), {}),
        ]
        for name, times, addresses, settings in cases:
            path = configuration(folder, addresses, **({"timeout": "10s"} | settings))
            runs = [get(path, server.token, folder) for _ in range(times)]
            table.row(
                name,
                times,
                percentiles([run[0] for run in runs]),
                dict(Counter((code, kind) for _, code, kind in runs)),
            )
        path = configuration(folder, live)
        runs = []
        threads = [threading.Thread(target=lambda: runs.append(get(path, server.token, folder))) for _ in range(200)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        name = f"200 at once: {time.monotonic() - start:.1f} s in all"
        table.row(
            name, 200, percentiles([run[0] for run in runs]), dict(Counter((code, kind) for _, code, kind in runs))
        )


def processes(number=200, seconds=130):
    """200 load programs that start on the same moment, 2 look-ups a second each, ttl 60 s."""
    table = Table(
        f"{number} processes, ttl 60 s, 2 look-ups/s each, {seconds} s",
        "jitter",
        "failed",
        "wrong",
        "reads",
        "first 8 s",
        "worst second of the 2nd round",
        "worst second of the 3rd round",
    )
    import json

    for jitter in (0.1, 0):
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            writer = Writer(server.addresses, server.token, 1, False)
            writer.write()
            path = configuration(folder, server.addresses, ttl="60s", timeout="10s", jitter=jitter)
            command = [
                PROGRAM,
                "ask",
                path,
                "--services",
                "1",
                "--seconds",
                str(seconds),
                "--rate",
                "2",
                "--ttl",
                "60000",
            ]
            begin = time.time()
            running = [
                subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env=environment(server.token, folder),
                    text=True,
                    cwd=folder,
                )
                for _ in range(number)
            ]
            for process in running:
                print(*writer.acknowledged, sep="\n", file=process.stdin, flush=True)
            results = [json.loads(process.stdout.read()) for process in running]
            reads = [int(moment - begin) for moment in server.reads()]
            buckets = Counter(reads)
            rounds = [
                max([n for second, n in buckets.items() if low <= second < high] or [0])
                for low, high in ((30, 75), (75, 130))
            ]
            table.row(
                jitter,
                sum(sum(result["failed"].values()) for result in results),
                sum(result["wrong"] + result["weak"] for result in results),
                count(len(reads)),
                " ".join(str(buckets[second]) for second in range(8)),
                *rounds,
            )


def fleet():
    tool()
    processes()
