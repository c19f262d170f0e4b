#!/usr/bin/env python3
"""Secrets of 1Password, by its command op: VAULT/ITEM/FIELD is the secret that op calls op://VAULT/ITEM/FIELD."""
import json
import re
import subprocess
import sys

# op ends with status 1 whatever is wrong. What none of these words tell apart is unavailable, and never absent.
FAULTS = [
    ("unauthenticated", ["signed in", "session expired", "(401)", "dismissed"], "op isn't signed in"),
    ("permission-denied", ["(403)", "permission", "isn't a vault in"], "no such vault, or op may not read it"),
    ("not-found", ["isn't an item in", "isn't a field in", "does not have a field"], "1Password has no such secret"),
]


def fault(kind, message, hint=None):
    return {"error": {"kind": kind, "message": message, "hint": hint, "retry_after_ms": 30000}}


def run(seconds, *words):
    try:
        done = subprocess.run(["op", *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, fault("unavailable", f"op gave no answer: {type(error).__name__}", "is it installed? op --version")
    error = re.sub("\"[^\"]*\"|'op://[^']*'", "", done.stderr.decode(errors="replace"))  # names may hold such words
    found = [fault(kind, message, "op signin" if kind == "unauthenticated" else None)
             for kind, marks, message in FAULTS if any(mark in error for mark in marks)]
    found.append(fault("unavailable", f"op ended with status {done.returncode}", "see why: op whoami"))
    return done.stdout, found[0] if done.returncode else None


request = json.loads(sys.stdin.readline())
seconds = max(request["deadline_ms"] - 300, 100) / 1000
if request["point"] == "secret.health":
    (_, problem), result = run(seconds, "whoami"), {"state": "healthy"}
else:
    output, problem = run(seconds, "read", "--no-newline", "op://" + request["arguments"]["name"])
    result = {"text": (output or b"").decode()}
reply = problem or {"ok": {"verdict": "finish", "result": result}}
print(json.dumps({"type": "response", "id": request["id"], **reply}))
