#!/usr/bin/env bash
# Proves that the default build resolves no package, and that every use of a package is guarded by exactly one trait.
set -euo pipefail
cd "$(dirname "$0")/../.."

seen=$(swift package show-dependencies 2>/dev/null)
case "$seen" in
    *"No external dependencies found"*) ;;
    *) echo "error: the default build resolves packages:" >&2; echo "$seen" >&2; exit 1 ;;
esac

swift package dump-package | python3 -c '
import json, sys

package = json.load(sys.stdin)
faults = []
for target in package["targets"]:
    if target["type"] == "test":
        continue
    for dependency in target["dependencies"]:
        if "product" not in dependency:
            continue
        name, _, _, condition = dependency["product"]
        traits = (condition or {}).get("traits") or []
        if len(traits) != 1:
            where = target["name"]
            faults.append(f"{where} uses {name} under {len(traits)} traits; condition it on exactly one")
for fault in faults:
    print(f"error: {fault}", file=sys.stderr)
sys.exit(bool(faults))
'
echo "no packages by default, and every use of one is guarded by exactly one trait"
