"""Many secrets, many look-ups, endless answers, many reads: what they cost."""

import json
import subprocess
import tempfile
import time

from load import PROGRAM, Table, Writer, ask, configuration, count, environment, failures, number
from servers import Server
from wire import FaultServer


def hot():
    table = Table(
        "As fast as possible, ttl 2 s, 20 s",
        "services",
        "look-ups",
        "look-ups/s",
        "all right",
        "reads",
        "p50 / p99 / max µs",
        "evictions",
        "RSS first → last MiB",
        "fds",
        "threads",
    )
    cases = [
        ("1,000 in one secret", 1000, True, {}),
        ("1,000 secrets", 1000, False, {}),
        ("50 secrets", 50, False, {}),
        ("1,200 secrets, capacity 1000, ttl 60 s", 1200, False, {"capacity": 1000, "ttl": "60s"}),
    ]
    for name, services, one, settings in cases:
        with Server() as server:
            result = ask(server, services=services, one_secret=one, rate="max", seconds=20, **settings)
            bad = (
                failures(result)
                if result["failed"]
                else "yes" if result["right"] == result["lookUps"] else count(result["right"])
            )
            table.row(
                name,
                count(result["lookUps"]),
                count(result["lookUps"] // 20),
                bad,
                count(result["loads"]),
                f"{result['p50'] * 1000:.1f} / {result['p99'] * 1000:.1f} / {result['max'] * 1000:,.0f}",
                count(result["evictions"]),
                f"{result['rssBefore'] >> 20} → {result['rss'] >> 20}",
                result["descriptors"],
                result["threads"],
            )


def cold():
    table = Table(
        "10,000 look-ups at once, cold, timeout 10 s; the server is down at first",
        "secrets",
        "down: all failed after",
        "reads tried",
        "back, same process: all answered after",
        "with a new process",
        "reads at the server",
        "max RSS MiB",
    )
    for services in (1, 1000, 10_000):
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            writer = Writer(server.addresses, server.token, services, False)
            writer.write(patience=30)
            path = configuration(folder, server.addresses, timeout="10s", ttl="300s", capacity=20_000)

            def start():
                return subprocess.Popen(
                    [PROGRAM, "cold", path, "--services", str(services)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env=environment(server.token, folder),
                )

            def go(process):
                print(file=process.stdin, flush=True)
                result = json.loads(process.stdout.readline())
                outcomes = ", ".join(f"{count(n)} `{code}`" for code, n in result["outcomes"].items())
                return result, f"{result['seconds']:.2f} s ({outcomes})"

            server.kill()
            process = start()
            down, text_down = go(process)
            server.restart()
            time.sleep(2.5)
            before = len(server.reads())
            back, text_back = go(process)
            reads = len(server.reads()) - before
            process.stdin.close()
            process.wait()
            process = start()
            fresh, text_fresh = go(process)
            process.stdin.close()
            process.wait()
            peak = max(result["rssPeak"] for result in (down, back, fresh)) >> 20
            table.row(count(services), text_down, count(down["loads"]), text_back, text_fresh, count(reads), peak)


def program(*arguments):
    out = subprocess.check_output([PROGRAM, *map(str, arguments)], env=environment("s.test", "/nonexistent"), text=True)
    return json.loads(out)


def cost(reads=50_000):
    with FaultServer() as server:
        table = Table("A server that never answers: processor time", "callers", "seconds", "processor time")
        for callers in (1, 20):
            found = program("wait", server.address, "--callers", callers)
            table.row(callers, found["seconds"], f"{found['cpu'] * 1000:.1f} ms")
        table = Table("Endless answers and bombs: memory beyond what the process had", "answer", "most, MiB")
        for path in (
            "endless/body",
            "endless/chunked",
            "endless/head",
            "endless/line",
            "endless/garbage",
            "endless/interim",
            "bomb/gzip",
            "bomb/deflate",
            "field/many-names",
            "body/large",
        ):
            found = program("read", server.address, path, 3)
            table.row(path, f"{found['peakGrowth'] / (1 << 20):.1f}")
        table = Table("What stays in memory", "reads", "right", "bytes a read", "RSS MiB", "reads/s")
        found = program("read", server.address, "good", reads)
        table.row(
            count(reads),
            count(found["right"]),
            number(found["bytesPerRead"], 1),
            found["rss"] >> 20,
            count(int(reads / found["seconds"])),
        )


def load():
    hot()
    cold()
    cost()
