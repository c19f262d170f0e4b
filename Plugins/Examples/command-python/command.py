#!/usr/bin/env python3
"""The plugin `command` of keyhooks: the key of a service is what a configured command prints.

The command is started without a shell. What it writes on standard error is read for its meaning and never passed on,
since it may quote a key.
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import threading

# What password managers say, in lower case. A failure that nothing here names is never taken for an absence.
WORDS = [
    ("not-found", ["isn't an item", "isn't a vault", "not found.", "does not exist", "is not in the password store"]),
    ("unauthenticated", ["not signed in", "not currently signed in", "not logged in", "vault is locked", "session expired",
                         "no accounts configured"]),
    ("permission-denied", ["permission denied", "not authorized", "forbidden"]),
]
HINTS = {"unauthenticated": "log in to what the command asks, then try again"}

writing = threading.Lock()
state = threading.Lock()
running = {}
cancelled = set()


def send(message):
    with writing:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def error(kind, message=None):
    fault = {"kind": kind}
    if message:
        fault["message"] = message
    if kind in HINTS:
        fault["hint"] = HINTS[kind]
    return {"error": fault}


def kind_of(status, text, config):
    """What a failed command means: the configuration decides, then the command's words."""
    configured = config.get("exit", {}).get(str(status))
    if configured:
        return configured
    text = text.decode("utf-8", "replace").lower()
    return next((kind for kind, words in WORDS if any(word in text for word in words)), "unavailable")


def run(id, command, seconds):
    """Runs a command and returns its status and both outputs, or the error that kept it from ending."""
    with state:
        if id in cancelled:
            return error("cancelled")
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except FileNotFoundError:
            return error("unavailable", f"the command '{os.path.basename(command[0])}' is not installed")
        except OSError as fault:
            return error("unavailable", f"the command cannot be started: {os.strerror(fault.errno or 0)}")
        running[id] = process
    try:
        return (*process.communicate(timeout=seconds), process.returncode)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return error("deadline-exceeded", "the command took too long")
    finally:
        with state:
            running.pop(id, None)


def answer(request, config):
    service = request["arguments"]["service"]
    command = config.get("services", {}).get(service) or config.get("command")
    if not command or request.get("phase") != "start":
        return error("not-mine")
    command = [word.replace("{service}", service) for word in command]
    # A little is kept for the way back.
    seconds = max(request.get("deadline_ms", 5000) / 1000 - 0.1, 0.05)
    result = run(request["id"], command, seconds)
    if isinstance(result, dict):
        return result
    output, errors, status = result
    if request["id"] in cancelled:
        return error("cancelled")
    if status != 0:
        return error(kind_of(status, errors, config), f"the command ended with status {status}")
    try:
        key = output.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return error("internal", "the command printed what is no text")
    if not key:
        return error("not-found")
    if "\n" in key or "\0" in key:
        return error("internal", "the command printed more than one line")
    return {
        "ok": {
            "verdict": "finish",
            "result": {"key": key},
            "cache": {"ttl_ms": config.get("ttl_ms", 300000)},
            "provenance": {"source": f"the command {os.path.basename(command[0])}"},
        }
    }


def serve(request, config):
    try:
        body = answer(request, config)
    except Exception as fault:  # Its text may hold anything.
        body = error("internal", type(fault).__name__)
    with state:
        cancelled.discard(request["id"])
    send({"type": "response", "id": request["id"], **body})


def cancel(id, asked):
    with state:
        future = asked.get(id)
        if future is None or future.done():
            return
        cancelled.add(id)
        process = running.get(id)
    if process:
        process.kill()


def main():
    if "KEYHOOKS_PLUGIN" not in os.environ:
        sys.exit("A plugin of keyhooks; see README.md beside it.")
    plugin = {"id": "command", "version": "1.0.0"}
    send({"type": "hello", "v": [1], "plugin": plugin, "capabilities": ["batch", "cancel"]})
    config, asked = {}, {}
    pool = concurrent.futures.ThreadPoolExecutor(8)
    for line in sys.stdin:
        message = json.loads(line)
        kind = message.get("type")
        if kind == "init":
            config = message.get("config", {})
        elif kind == "cancel":
            cancel(message["id"], asked)
        for request in message["requests"] if kind == "batch" else [message] if kind == "request" else []:
            asked = {id: future for id, future in asked.items() if not future.done()}
            asked[request["id"]] = pool.submit(serve, request, config)
    with state:
        for process in running.values():
            process.kill()
    sys.stdout.flush()
    os._exit(0)


main()
