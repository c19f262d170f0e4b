#!/usr/bin/env python3
"""Secrets of the desktop's keyring: of libsecret by secret-tool, and of the macOS keychain by security."""
import json
import subprocess
import sys

# security ends with the last byte of what the keychain says: not found, no interaction, cancelled, wrong password.
MACOS = {44: "not-found", 36: "unauthenticated", 128: "permission-denied", 51: "permission-denied"}


def fault(kind, message, hint=None):
    return {"error": {"kind": kind, "message": message, "hint": hint, "retry_after_ms": 30000}}


def kind_of(done):
    if sys.platform == "darwin":
        return MACOS.get(done.returncode, "unavailable")
    # secret-tool ends with status 1 and says nothing if there is none; of all else it says what.
    words = done.stderr.decode(errors="replace").lower()
    if done.returncode == 1 and not words:
        return "not-found"
    return "permission-denied" if "dismissed" in words or "denied" in words else "unavailable"


def answer(name, seconds):
    mac = ["security", "find-generic-password", "-s", "keyhooks", "-a", name, "-w"]
    words = mac if sys.platform == "darwin" else ["secret-tool", "lookup", "service", "keyhooks", "name", name]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        return fault("unavailable", f"{words[0]} gave no answer: {type(error).__name__}", "is it installed?")
    if done.returncode:
        return fault(kind_of(done), f"{words[0]} ended with status {done.returncode}")
    text = done.stdout.decode()
    return {"ok": {"verdict": "finish", "result": {"text": text.removesuffix("\n") if words is mac else text}}}


request = json.loads(sys.stdin.readline())
reply = answer(request["arguments"]["name"], max(request["deadline_ms"] - 300, 100) / 1000)
print(json.dumps({"type": "response", "id": request["id"], **reply}))
