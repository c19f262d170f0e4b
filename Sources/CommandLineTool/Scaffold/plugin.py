#!/usr/bin/env python3
"""The plugin PLUGIN-ID of keyhooks: one JSON object a line, on standard input and output."""
import json
import os
import sys


class Fault(Exception):
    """A failure; the kind is not-found, unavailable, permission-denied, ...; the hint says what to do."""

    def __init__(self, kind, message, hint=None):
        super().__init__(message)
        self.kind = kind
        self.hint = hint


def look_up(service, scope, config, settings):
    """The key of a service, or None if there is none. Replace this by where the keys are.

    scope has the caller's project, tenant, ...; config is the plugin's section of keyhooks.json, and settings what
    'providers' there tells it of this service.
    """
    return None


def words(kind, error, trace):
    """What is said of an error: its type and where it comes from.

    Its text may hold anything, a key included; of a variable that is not there the name is known to be none.
    """
    places, missing = [], ""
    while trace:
        code = trace.tb_frame.f_code
        if isinstance(error, KeyError) and code is type(os.environ).__getitem__.__code__:
            missing = f" (it is given no variable {error.args[0]})"
        else:
            places.append(f"{os.path.basename(code.co_filename)} line {trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return f"{kind.__name__}{missing} at {', '.join(places)}"


# Python would print the text of an error, and lines of the program with it.
sys.excepthook = lambda kind, error, trace: print(words(kind, error, trace), file=sys.stderr)


def body(request, config):
    arguments = request["arguments"]
    try:
        key = look_up(arguments["service"], arguments.get("scope", {}), config, arguments.get("settings", {}))
    except Fault as fault:
        return {"error": {"kind": fault.kind, "message": str(fault), "hint": fault.hint}}
    except Exception as error:
        return {"error": {"kind": "internal", "message": words(type(error), error, error.__traceback__)}}
    if key is None:
        return {"ok": {"verdict": "proceed"}}
    return {"ok": {"verdict": "finish", "result": {"key": key}, "cache": {"ttl_ms": 300000}}}


def send(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main():
    if "KEYHOOKS_PLUGIN" not in os.environ:
        sys.exit("A plugin of keyhooks; see 'keyhooks plugins check ./'")
    plugin = {"id": "PLUGIN-ID", "version": "0.1.0"}
    send({"type": "hello", "v": [1], "plugin": plugin, "capabilities": ["batch"]})
    config = {}
    for line in sys.stdin:
        message = json.loads(line)
        kind = message.get("type")
        if kind == "init":
            config = message.get("config", {})
        requests = message["requests"] if kind == "batch" else [message] if kind == "request" else []
        for request in requests:
            send({"type": "response", "id": request["id"], **body(request, config)})


main()
