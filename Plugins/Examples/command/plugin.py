#!/usr/bin/env python3
"""Asks any command for a key, such as a password manager's. Never through a shell; never in arguments or variables."""
import json
import os
import subprocess
import sys
import threading

if os.environ.get("KEYHOOKS_PLUGIN") != "1":
    sys.exit("This is a plugin of KeyHooks: put its folder among your plugins. See README.md beside it.")

output = threading.Lock()


def send(message):
    with output:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def fault(kind, message, hint=None):
    # What failed once fails again at once; the host need not try as long as somebody waits.
    pause = 10000 if kind == "unavailable" else None
    return {"error": {"kind": kind, "message": message, "hint": hint, "retry_after_ms": pause}}


def answer(service, seconds, config):
    commands = config.get("commands", {})
    command = commands.get(service) or commands.get("*")
    if not command:
        return fault("not-mine", "no command for it")
    words = [word.replace("{service}", service) for word in command]
    hint = "run it by hand: " + " ".join(words[:2]) + " ..."
    try:
        result = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds
        )
    except FileNotFoundError:
        return fault("internal", f"the command {words[0]} is not there", f"install {words[0]}")
    except OSError as error:
        return fault("internal", f"{words[0]} cannot be run: {error.strerror}", hint)
    except subprocess.TimeoutExpired:
        return fault("unavailable", f"{words[0]} took too long", hint)
    if result.returncode in config.get("absentStatus", []):
        return fault("not-found", "the command has none")
    if result.returncode != 0:
        return fault("unavailable", f"{words[0]} ended with status {result.returncode}", hint)
    try:
        key = result.stdout.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return fault("internal", f"what {words[0]} prints is no text", hint)
    # A command that prints nothing has failed in its own way: whether there is a key is not known.
    if not key:
        return fault("unavailable", f"{words[0]} printed nothing", hint)
    ok = {"verdict": "finish", "result": {"key": key}, "provenance": {"source": f"command {words[0]}"}}
    if config.get("ttlSeconds"):
        ok["cache"] = {"ttl_ms": config["ttlSeconds"] * 1000}
    return {"ok": ok}


def serve(request, config):
    # A little less than the host waits, so that it hears why.
    seconds = max(request.get("deadline_ms", 5000) - 200, 50) / 1000
    send({"type": "response", "id": request["id"], **answer(request["arguments"]["service"], seconds, config)})


send({"type": "hello", "v": [1], "plugin": {"id": "command", "version": "1.0.0"}, "capabilities": []})
config = json.loads(sys.stdin.readline() or "{}").get("config", {})
for line in sys.stdin:
    message = json.loads(line)
    if message.get("type") == "request":
        # One that waits for a person must not hold up the others.
        threading.Thread(target=serve, args=(message, config), daemon=True).start()
