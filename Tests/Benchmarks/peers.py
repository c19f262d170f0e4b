"""Measures the peers: pluggy and python-dotenv, in the same form as the Swift executable prints.

Each line is a name, a tab, and the nanoseconds of one call. The best of several rounds counts, since noise only adds.
"""
import http.client
import io
import os
import sys
import time
import urllib.parse

import cachetools
import dotenv
import hvac
import pluggy

specification = pluggy.HookspecMarker("bench")
implementation = pluggy.HookimplMarker("bench")


class Specification:
    @specification(firstresult=True)
    def get_api_key(self, service):
        """One hook of the kind that getAPIKey is: the first answer counts."""


class Noop:
    @implementation
    def get_api_key(self, service):
        return None


class Answer:
    @implementation
    def get_api_key(self, service):
        return "sk-benchmark"


def manager(plugins):
    result = pluggy.PluginManager("bench")
    result.add_hookspecs(Specification)
    for plugin in plugins:
        result.register(plugin())
    return result


def measure(name, call, count, rounds):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter_ns()
        for _ in range(count):
            call()
        best = min(best, (time.perf_counter_ns() - start) / count)
    print(f"{name}\t{best:.1f}", flush=True)


def dotenv_text():
    """The same text as DotenvCases.swift makes."""
    text, index = "", 0
    parts = []
    size = 0
    while size < 1_000_000:
        part = (
            f"# Service number {index}\n"
            f"SERVICE_{index}_API_KEY=sk-proj-abcdefghijklmnopqrstuvwxyz0123456789\n"
            f'export SERVICE_{index}_URL="https://service-{index}.example.com/v1?a=b#c" # where it is\n'
            f"SERVICE_{index}_NAME='A name with spaces'\n\n"
        )
        parts.append(part)
        size += len(part)
        index += 1
    return "".join(parts)


class Cached:
    """What a plugin with a dictionary does: no TTL, nothing shared between threads."""

    keys = {"openai": "sk-benchmark"}

    @implementation
    def get_api_key(self, service):
        return self.keys.get(service)


def vault(rounds):
    """The customary client with the customary cache, on the same server."""
    client = hvac.Client(url=os.environ["BENCHMARK_BAO_ADDR"], token=os.environ["BENCHMARK_BAO_TOKEN"])

    def read():
        reply = client.secrets.kv.v2.read_secret_version(path="litellm/providers", raise_on_deleted_version=True)
        return reply["data"]["data"]["OPENAI_API_KEY"]

    cached = cachetools.cached(cachetools.TTLCache(maxsize=1000, ttl=3600))(lambda service: read())
    if cached("openai") != "sk-benchmark":
        raise SystemExit("error: hvac reads another value")
    measure("hvac with cachetools: cached key", lambda: cached("openai"), 20_000, rounds)
    measure("hvac: cold read", read, 100, rounds)

    address = urllib.parse.urlsplit(os.environ["BENCHMARK_BAO_ADDR"])
    connection = http.client.HTTPConnection(address.hostname, address.port)

    def bare():
        headers = {"X-Vault-Token": os.environ["BENCHMARK_BAO_TOKEN"], "X-Vault-Request": "true"}
        connection.request("GET", "/v1/secret/data/litellm/providers", headers=headers)
        if connection.getresponse().read()[:1] != b"{":
            raise SystemExit("error: http.client reads another value")

    measure("http.client: cold read", bare, 100, rounds)


def main():
    rounds = 2 if "--quick" in sys.argv else 15
    for count in (0, 1, 5):
        hooks = manager([Noop] * count).hook
        measure(f"pluggy: {count} hooks", lambda: hooks.get_api_key(service="openai"), 20_000, rounds)
    hooks = manager([Answer]).hook
    measure("pluggy: 1 hook answers", lambda: hooks.get_api_key(service="openai"), 20_000, rounds)
    hooks = manager([Cached]).hook
    measure("pluggy with a dictionary: cached key", lambda: hooks.get_api_key(service="openai"), 20_000, rounds)
    vault(rounds)
    text = dotenv_text()
    measure(
        f"python-dotenv: parse {len(text)} bytes",
        lambda: dotenv.dotenv_values(stream=io.StringIO(text), interpolate=False),
        1,
        min(rounds, 5),
    )


main()
