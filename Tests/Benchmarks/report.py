"""Makes RESULTS.md from what the three programs printed: `report.py ours.tsv peers.tsv tool.tsv`."""
import datetime
import platform
import subprocess
import sys


def read(path):
    rows = {}
    for line in open(path, encoding="utf-8"):
        name, _, value = line.rstrip("\n").rpartition("\t")
        rows[name] = float(value)
    return rows


def machine():
    model = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    ) if sys.platform == "linux" else platform.processor()
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    return f"{model}, {swift}, CPython {platform.python_version()}"


ours, peers, tool = (read(path) for path in sys.argv[1:4])
size = ours.pop("bytes of dotenv text")
allocations = ours.pop("allocations of a cached call")
processes = ours.pop("processes of the plugin")
stored = ours["stored closure"]
parse = next(name for name in ours if name.startswith("dotenv: parse"))
peer_parse = next(name for name in peers if name.startswith("python-dotenv: parse"))


def bar(what, value, limit, unit=""):
    verdict = "reached" if value <= limit else "**missed**"
    print(f"| {what} | {value:.2f}{unit} | {limit:g}{unit} | {verdict} |")


print("# What was measured\n")
print("Made by `Tests/Benchmarks/run.sh`, which runs the package and its peers one after the other on one machine.")
print("The best of many interleaved rounds counts. Ratios travel between machines; nanoseconds do not.\n")
print(f"Machine: {machine()}, {datetime.date.today().isoformat()}.\n")
print("## Bars\n")
print("| what | measured | at most | |\n| --- | ---: | ---: | --- |")
bar("empty point / the same body through a stored closure", ours["empty point"] / stored, 1.1)
bar("one hook that answers / pluggy's", ours["short-circuit: 1 hook answers"] / peers["pluggy: 1 hook answers"], 0.1)
bar(
    "one hook that may wait and answers / pluggy's",
    ours["short-circuit: 1 hook that may wait answers"] / peers["pluggy: 1 hook answers"],
    0.1,
)
bar("five hooks / pluggy's five", ours["5 hooks"] / peers["pluggy: 5 hooks"], 0.1)
bar("five hooks that may wait / pluggy's five", ours["5 hooks that may wait"] / peers["pluggy: 5 hooks"], 0.1)
bar("one hook that answers", ours["short-circuit: 1 hook answers"], 110, " ns")
bar("one hook that may wait and answers", ours["short-circuit: 1 hook that may wait answers"], 175, " ns")
bar("each further no-op hook", (ours["20 hooks"] - ours["5 hooks"]) / 15, 30, " ns")
bar("each further no-op hook that may wait", (ours["20 hooks that may wait"] - ours["5 hooks that may wait"]) / 15, 30, " ns")
bar("cached OpenBao key through the resolver", ours["cached OpenBao key through the resolver"], 450, " ns")
bar(
    "cached key of the smallest source through the resolver",
    ours["cached key of the smallest source through the resolver"],
    450,
    " ns",
)
bar(
    "cached key that was lent through the resolver",
    ours["cached key that was lent through the resolver"],
    450,
    " ns",
)
bar("cached virtual key of LiteLLM through the resolver", ours["cached virtual key through the resolver"], 450, " ns")
bar("allocations of a cached call", allocations, 0)
bar(
    "cold read by the transport / a bare curl_easy_perform",
    ours["cold read: the transport alone"] / ours["cold read: a bare curl_easy_perform"],
    2.2,
)
bar(
    "cold read through the resolver / the transport alone",
    ours["cold read: through the resolver"] / ours["cold read: the transport alone"],
    1.3,
)
bar("cached AWS key through the resolver", ours["cached AWS key through the resolver"], 450, " ns")
for server in ("moto_server", "a reply that is ready"):
    cold = ours[f"AWS cold read from {server}: through the resolver"]
    bar(
        f"AWS cold read from {server} through the resolver / the transport alone",
        cold / ours[f"AWS cold read from {server}: the transport alone"],
        1.3,
    )
    bar(f"AWS cold read from {server} through the resolver / boto3's", cold / peers[f"boto3: cold read from {server}"], 0.5)
bar("cold read through the resolver / hvac's", ours["cold read: through the resolver"] / peers["hvac: cold read"], 0.5)
bar("live round trip of a plugin in Python, median", ours["live round trip of a plugin, median"] / 1000, 100, " us")
bar(
    "a plugin that is for other services, per call",
    ours["resolver with a plugin for others"] - ours["resolver without a plugin for others"],
    60,
    " ns",
)
providers = ours["configuration of 50000 providers"]
bar("configuration of 50,000 providers", providers / 1e6, 1000, " ms")
bar("configuration of 50,000 providers / of 12,500", providers / ours["configuration of 12500 providers"], 5)
bar(
    "configuration of 1,000 profiles over 1,000 providers / of 250 over 250",
    ours["configuration of 1000 profiles over 1000 providers"] / ours["configuration of 250 profiles over 250 providers"],
    5,
)
bar("processes of the plugin for all these calls", processes, 1)
bar("the tool: `get` from .env, whole process, median", tool["tool: get from .env, median ms"], 6, " ms")
bar("the tool: memory of that process", tool["tool: memory, MB"], 20, " MB")
bar("the tool: its one file", tool["tool: size, MB"], 25, " MB")
bar("the tool: shared libraries, with the loader", tool["tool: shared libraries"], 5)
print("\npluggy's hooks are plain functions that cannot wait; the like of them here are the hooks without `await`. The rows of")
print("hooks that may wait are held against the same figure, since pluggy has no such hooks (pluggy issue 320).\n")
print("From the main actor a hop to another executor and back costs microseconds; the same calls from there:\n")
print("| call | from the main actor / elsewhere |\n| --- | ---: |")
for name in ("empty point", "1 hook that may wait answers", "1 end hook that may wait"):
    elsewhere = ours.get(name) or ours[f"short-circuit: {name}"]
    print(f"| {name} | {ours[f'from the main actor: {name}'] / elsewhere:.2f} |")
print("\n## Threads\n")
print("| call | calls a second on 2 threads / on 1 |\n| --- | ---: |")
suffix = " on 1 thread, per call of all"
for name in [row.removesuffix(suffix) for row in ours if row.endswith(suffix)]:
    one = ours[f"{name} on 1 thread, per call of all"]
    two = ours[f"{name} on 2 threads, per call of all"]
    print(f"| {name} | {one / two:.2f} |")
print("\nThe engine shares nothing between threads that it writes to. A key that all threads get is shared: taking and")
print("dropping a reference to it writes to one count, and that is what keeps the rows with a key from doubling.")
print("\n## Virtual keys of LiteLLM\n")
print("The real proxy with its database in memory; each call has a key made that was not there before, and written down in the")
print("journal of leases. What the proxy itself takes is most of it.\n")
print("| what | ms a key |\n| --- | ---: |")
for name in ("virtual key: the transport alone", "virtual key: made through the resolver"):
    print(f"| {name.removeprefix('virtual key: ')} | {ours[name] / 1e6:.2f} |")
print("\nRenewals: 1,000 roles with keys of an hour, each asked for every three minutes for four hours of a clock that is moved by hand,")
print("at the real proxy, have 1,000, 1,950, 1,050 and 1,996 renewals in these hours: 1.5 an hour for each role. No key is made")
print("again. `KEYHOOKS_RENEWAL_FIGURES=FILE swift test --filter RenewalRateTests`, on 2026-11-30.")
print("\n## The tool\n")
print("`keyhooks get openai` from a `.env`, 200 whole processes of the one file that `Tests/Support/static-tool.sh` builds, by")
print("`Tests/Benchmarks/tool.py`. As it was built before, with Foundation and dynamic libraries, it took 13 ms and 27 MB, had")
print("63 MB and 36 shared libraries.\n")
print("| what | measured |\n| --- | ---: |")
for name, value in tool.items():
    print(f"| {name.removeprefix('tool: ')} | {value:g} |")
print("\n## Dotenv\n")
print("| parser | MB/s |\n| --- | ---: |")
print(f"| DotenvSyntax, strict | {size / ours[parse] * 1000:.0f} |")
print(f"| python-dotenv 1.2.2, no interpolation | {size / peers[peer_parse] * 1000:.1f} |")
print("\n## Every row\n")
print("| what | ns a call | / stored closure |\n| --- | ---: | ---: |")
for name, value in {**ours, **peers}.items():
    print(f"| {name} | {value:.1f} | {value / stored:.2f} |")
