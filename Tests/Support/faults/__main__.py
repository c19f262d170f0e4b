"""See faults.sh."""

import sys

import cluster
import fleet
import many
import outage
import peers
import wire

PARTS = {
    "wire": lambda: (wire.wire(), wire.wire(warm=True)),
    "outage": outage.outage,
    "cluster": cluster.cluster,
    "load": many.load,
    "fleet": fleet.fleet,
    "peers": peers.peers,
    # Single tables, while one works on them.
    "warm": lambda: wire.wire(warm=True),
    "outages": outage.outages,
    "tokens": outage.tokens,
    "hanging": outage.hanging,
    "hot": many.hot,
    "cold": many.cold,
    "cost": many.cost,
    "tool": fleet.tool,
    "processes": fleet.processes,
}
LONG = ["wire", "outage", "cluster", "load", "fleet", "peers"]

part, arguments = sys.argv[1], sys.argv[2:]
for name in LONG if part == "all" else [part]:
    if name not in PARTS:
        sys.exit(f"error: there is no table '{name}'; there are: all {' '.join(PARTS)}")
    if name == "cluster" and arguments:
        cluster.cluster(arguments[0])
    else:
        PARTS[name]()
