#!/usr/bin/env python3
"""Secrets of Bitwarden Secrets Manager, by its command bws: a secret's name is its key there."""
import json
import subprocess
import sys

# bws ends with status 1 whatever is wrong, and quotes what the server said.
FAULTS = [
    ("unauthenticated", ["[401", "invalid_client", "access token"], "bws has no valid access token"),
    ("permission-denied", ["[403", "[404"], "the machine account may not read any secret"),  # 404 is of no single one
]


def fault(kind, message, hint=None):
    return {"error": {"kind": kind, "message": message, "hint": hint, "retry_after_ms": 30000}}


def answer(point, arguments, seconds):
    try:
        done = subprocess.run(["bws", "secret", "list"], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
        if done.returncode:
            words = done.stderr.decode(errors="replace")
            found = [fault(kind, text) for kind, marks, text in FAULTS if any(mark in words for mark in marks)]
            return (found + [fault("unavailable", f"bws ended with status {done.returncode}")])[0]
        secrets = json.loads(done.stdout)
        if not isinstance(secrets, list): raise ValueError
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return fault("unavailable", f"bws gave no answer: {type(error).__name__}", "is it there? bws --version")
    if point == "secret.list":
        names = sorted({secret["key"] for secret in secrets if secret["key"].startswith(arguments["prefix"])})
        return {"ok": {"verdict": "finish", "result": {"names": names}}}
    found = [secret["value"] for secret in secrets if secret["key"] == arguments["name"]]
    if len(found) != 1:
        return fault("invalid-input", "several have this key") if found else fault("not-found", "no such secret")
    return {"ok": {"verdict": "finish", "result": {"text": found[0]}}}


request = json.loads(sys.stdin.readline())
reply = answer(request["point"], request["arguments"], max(request["deadline_ms"] - 300, 100) / 1000)
print(json.dumps({"type": "response", "id": request["id"], **reply}))
