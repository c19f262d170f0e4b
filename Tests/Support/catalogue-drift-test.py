#!/usr/bin/env python3
"""Breaks endpoints.json in each way that catalogue_endpoints.py is to notice, and sees that it does."""

import copy
import importlib.util
import json
import sys
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import catalogue_endpoints  # noqa: E402

spec = importlib.util.spec_from_file_location("drift", HERE / "catalogue-drift.py")
drift = importlib.util.module_from_spec(spec)
spec.loader.exec_module(drift)

SERVICES = json.loads(drift.CATALOGUE.read_text(encoding="utf-8"))["services"]
DOCUMENT = json.loads(drift.ENDPOINTS.read_text(encoding="utf-8"))
STORED = SimpleNamespace(
    hosts=drift.read_words(drift.HOSTS),
    litellm=drift.read_words(drift.LITELLM_HOSTS),
    undocumented=drift.read_undocumented(drift.UNDOCUMENTED),
    models_dev=drift.ours(drift.read_json(drift.MODELS_DEV_URLS, "")["urls"], SERVICES),
)


def url(id, value):
    return lambda endpoints: endpoints[id]["baseURL"].__setitem__(0, value)


def member(id, name, value):
    return lambda endpoints: endpoints[id].__setitem__(name, value)


BREAKAGES = [
    ("is not https", url("openai", "http://api.openai.com/v1")),
    ("a slash too many", url("openai", "https://api.openai.com/v1/")),
    ("a user", url("openai", "https://u:p@api.openai.com/v1")),
    ("has a query", url("openai", "https://api.openai.com/v1?a=1")),
    ("a fragment", url("openai", "https://api.openai.com/v1#a")),
    ("isn't a valid host", url("openai", "https://API.openai.com/v1")),
    ("isn't a valid host", url("openai", "https://10.0.0.1/v1")),
    ("has a port", url("openai", "https://api.openai.com:8443/v1")),
    ("no word of the service", url("openai", "https://api.elsewhere.example/v1")),
    ("has the base URL of", lambda e: url("zai", e["zhipu"]["baseURL"][0])(e) or url("venice", e["xai"]["baseURL"][0])(e)),
    ("has no such field", url("openai", "https://{region}.openai.com/v1")),
    ("begins with a field that is no URL", url("bedrock", "{region}/v1")),
    ("LiteLLM: names no host api2.groq.com", url("groq", "https://api2.groq.com/openai/v1")),
    ("models.dev: berget", url("berget", "https://api.berget.ai/v2")),
    ("is not [URL, letters]", member("openai", "baseURL", ["https://api.openai.com/v1"])),
    ("is not [URL, letters]", member("openai", "baseURL", ["https://api.openai.com/v1", "Q"])),
    ("unknown form 'token'", member("openai", "authentication", ["token", "Authorization", "P"])),
    ("goes into Authorization", member("openai", "authentication", ["bearer", "X-Key", "P"])),
    ("is not [form, name, letters]", member("openai", "authentication", ["bearer", "Authorization", "Q"])),
    ("is no word for a header", member("openai", "authentication", ["header", "X Key", "P"])),
    ("is no parameter", member("serpapi", "authentication", ["query", "a=b", "P"])),
    ("is no field of the service", member("langfuse", "authentication", ["basic", "nobody", "P"])),
    ("takes no name", member("oci", "authentication", ["signature", "x", "P"])),
    ("is no variable of the service", member("openai", "variables", {"NOPE": ["bearer", "Authorization", "P"]})),
    ("has other members", member("openai", "x", 1)),
    ("is no service", lambda endpoints: endpoints.__setitem__("zzz", endpoints["openai"])),
    ("has no baseURL; add it", lambda endpoints: endpoints.pop("deepseek")),
    ("has no authentication; add it", lambda endpoints: endpoints["openai"].pop("authentication")),
    ("remove it there", member("manus", "authentication", ["bearer", "Authorization", "P"])),
    ("sort it by id", lambda endpoints: endpoints.__setitem__("abacus", endpoints.pop("abacus"))),
]


def problems(breakage=None):
    document = copy.deepcopy(DOCUMENT)
    if breakage:
        breakage(document["endpoints"])
    lines = ",\n".join(f'    "{id}": {json.dumps(entry)}' for id, entry in document["endpoints"].items())
    text = '{\n  "endpoints": {\n' + lines + "\n  }\n}\n"
    return catalogue_endpoints.check(document, text, SERVICES, STORED)


failures = [f"endpoints.json as it is: {problem}" for problem in problems()]
for words, breakage in BREAKAGES:
    found = problems(breakage)
    if not any(words in problem for problem in found):
        failures.append(f"not noticed: {words!r}; found: {found or 'nothing'}")
print("\n".join(failures) or f"all {len(BREAKAGES)} breakages noticed")
sys.exit(1 if failures else 0)
