"""A three-node Raft cluster: 200 look-ups a second, ttl 1 s, timeout 5 s, a new version every second."""

import threading
import time

from load import Table, ask, count, failures, number
from servers import Cluster

SETTINGS = {"ttl": "1s", "timeout": "5s", "staleIfError": "0s"}
COLUMNS = (
    "case",
    "failed",
    "wrong",
    "weak",
    "backwards",
    "beyond (oldest)",
    "longest gap",
    "p50 / p90 / p99 / max ms",
    "waited over 10 ms",
    "new leader after",
)


def order(cluster, leader, which):
    """The addresses in an order that a configuration may have them in."""
    others = [address for number, address in cluster.nodes.items() if number != leader]
    first = cluster.nodes[leader]
    return {
        "leader first": [first, *others],
        "leader last": [*others, first],
        "leader in the middle": [others[0], first, others[1]],
        "only the leader": [first],
        "only a follower": others[:1],
    }[which]


def case(table, cluster, name, which, fault, repair, duration, seconds, **settings):
    cluster.settle()
    leader = cluster.leader()
    elected = []

    def begin():
        cluster.tell(fault, str(leader))
        start = time.monotonic()
        try:
            cluster.leader(other_than=leader, within=duration)
            elected.append(f"{time.monotonic() - start:.1f} s")
        except RuntimeError:
            elected.append("none")

    def end():
        cluster.tell(repair, str(leader))
        return "ready"

    events = [] if fault is None else [(8, begin), (8 + duration, end)]
    settings = SETTINGS | settings
    result = ask(
        cluster,
        services=50,
        one_secret=True,
        rotate=True,
        seconds=seconds,
        events=events,
        address=order(cluster, leader, which),
        **settings,
    )
    if "crash" in result:
        table.row(name, f"the process ended with {result['crash']}", *[""] * 8)
        return
    times = " / ".join(number(result[part], 2) for part in ("p50", "p90", "p99", "max"))
    table.row(
        name,
        f"{failures(result)} of {count(result['lookUps'])}",
        result["wrong"],
        result["weak"],
        count(result["backwards"]),
        f"{count(result['beyond'])} ({number(result['oldest'], 1)} s)",
        f"{number(result['gap'], 2)} s",
        times,
        count(result["waited"]),
        elected[0] if elected else "",
    )


def cluster(only=""):
    table = Table(
        "Three-node raft cluster: 200/s, 50 services of one secret, ttl 1 s, timeout 5 s, staleIfError 0s, rotation each second",
        *COLUMNS,
    )
    cases = [
        ("quiet, leader first", "leader first", None, None, 0, 20, {}),
        ("quiet, leader last", "leader last", None, None, 0, 20, {}),
    ]
    for word, fault, repair, duration in [
        ("killed 20 s", "kill", "start", 20),
        ("stopped 15 s", "stop", "cont", 15),
        ("cut off 15 s", "cut", "heal", 15),
    ]:
        for which in ["leader first", "leader in the middle", "leader last", "only the leader", "only a follower"]:
            cases.append((f"leader {word}, {which}", which, fault, repair, duration, 45, {}))
        cases.append(
            (
                f"leader {word}, leader first, staleIfError 1h",
                "leader first",
                fault,
                repair,
                duration,
                45,
                {"staleIfError": "1h"},
            )
        )
        cases.append(
            (
                f"leader {word}, leader first, timeout 10 s",
                "leader first",
                fault,
                repair,
                duration,
                45,
                {"timeout": "10s"},
            )
        )
    with Cluster() as servers:
        for name, which, fault, repair, duration, seconds, settings in cases:
            if only in name:
                case(table, servers, name, which, fault, repair, duration, seconds, **settings)
