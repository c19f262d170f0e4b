"""The same outage with hvac and cachetools, for comparison."""

import sys
import threading
import time

from load import Table, Writer, count, number
from servers import Server


def run(server, one_secret, seconds=45, rate=200):
    import cachetools
    import hvac

    client = hvac.Client(url=server.address, token=server.token, timeout=2)
    cache = cachetools.TTLCache(1000, 2)
    times, failed, right, last_failed = [], 0, 0, None
    start = time.monotonic()
    for index in range(seconds * rate):
        time.sleep(max(0, start + index / rate - time.monotonic()))
        service = f"svc{index * 7 % 50}"
        path = "load/all" if one_secret else f"load/{service}"
        begin = time.monotonic()
        try:
            if path not in cache:
                cache[path] = client.secrets.kv.v2.read_secret_version(path=path, raise_on_deleted_version=True)[
                    "data"
                ]["data"]
            right += cache[path][service if one_secret else "value"].startswith(f"kh1_{service}_")
        except Exception:
            failed += 1
            last_failed = time.monotonic()
        times.append(time.monotonic() - begin)
    return right, failed, sorted(times), last_failed


def peers():
    table = Table(
        "hvac + cachetools, 200/s, 50 services, ttl 2 s, timeout 2 s, kill -9 at 8 s for 20 s",
        "case",
        "look-ups",
        "right",
        "failed",
        "p50 / p90 / p99 / max ms",
        "last failed after ready",
    )
    for name, one_secret in (("50 secrets", False), ("one secret", True)):
        with Server() as server:
            Writer(server.addresses, server.token, 50, one_secret).write()
            ready = []

            def fault():
                time.sleep(8)
                server.kill()
                time.sleep(20)
                server.restart()
                ready.append(time.monotonic())

            threading.Thread(target=fault, daemon=True).start()
            right, failed, times, last = run(server, one_secret)
            shares = " / ".join(
                number(times[min(len(times) - 1, int(len(times) * share))] * 1000) for share in (0.5, 0.9, 0.99, 1)
            )
            table.row(
                name, count(len(times)), count(right), count(failed), shares, number(max(0, last - ready[0]), 1) + " s"
            )
