#!/usr/bin/env python3
"""A secret manager on one JSON file: {"name": {"version": 2, "versions": {"2": {"text": "…"}}}}. See README.md."""
import fcntl
import json
import os
import sys

if os.environ.get("KEYHOOKS_PLUGIN") != "1":
    sys.exit("This is a plugin of KeyHooks: put its folder among your plugins. See README.md beside it.")


class Fault(Exception):
    """Its arguments are the kind of the error and the message; never a value."""


class Store:
    """The file while nobody else writes it; what was changed is written whole or not at all."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        try:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
            self.lock = os.open(self.path + ".lock", os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self.lock, fcntl.LOCK_EX)
            self.secrets = self.read()
        except PermissionError:
            raise Fault("permission-denied", "the file may not be read or written")
        except OSError as error:
            raise Fault("unavailable", f"the file can't be read: {error.strerror}")
        except ValueError:
            raise Fault("internal", "the file isn't JSON")
        return self

    def __exit__(self, *_):
        os.close(self.lock)

    def read(self):
        if not os.path.exists(self.path):
            return {}
        with open(self.path, encoding="utf-8", newline="") as file:
            return json.load(file)

    def write(self):
        temporary = self.path + ".new"
        with open(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(self.secrets, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)


def current(secret):
    return secret["versions"][str(secret["version"])]


def holds(condition, secret):
    if condition.get("absent"):
        return secret is None
    if "version" in condition:
        return secret is not None and str(secret["version"]) == condition["version"]
    return secret is not None and current(secret) == condition.get("secret")


def answer(operation, arguments, store):
    name = arguments.get("name")
    secret = store.secrets.get(name)
    if operation == "read":
        version = arguments.get("version") or (secret and str(secret["version"]))
        if not secret or version not in secret["versions"]:
            raise Fault("not-found", "no such secret")
        return {**secret["versions"][version], "version": version}
    if operation == "write":
        if "if" in arguments and not holds(arguments["if"], secret):
            raise Fault("conflict", "somebody else has written it meanwhile")
        secret = secret or {"version": 0, "versions": {}}
        secret["version"] += 1
        secret["versions"][str(secret["version"])] = arguments["secret"]
        secret.update({key: arguments[key] for key in ("description", "tags") if key in arguments})
        store.secrets[name] = secret
        store.write()
        return {"version": str(secret["version"])}
    if operation == "delete":
        if store.secrets.pop(name, None):
            store.write()
        return {}
    if operation == "retire":
        if secret and secret["versions"].pop(arguments["version"], None):
            store.write()
        return {}
    if operation == "list":
        # Pages of 100; 'after' is the last name of the page before.
        names = sorted(n for n in store.secrets if n.startswith(arguments["prefix"]) and n > arguments.get("after", ""))
        return {"names": names[:100], **({"next": names[99]} if len(names) > 100 else {})}
    if operation == "health":
        return {"state": "healthy"}
    raise Fault("invalid-input", "an operation that it doesn't know")


def respond(request, path):
    try:
        with Store(path) as store:
            result = answer(request["point"].removeprefix("secret."), request["arguments"], store)
        return {"ok": {"verdict": "finish", "result": result}}
    except Fault as fault:
        kind, message = fault.args
    except OSError as error:
        kind, message = "unavailable", f"the file can't be written: {error.strerror}"
    # What failed once fails again at once; the host need not try as long as somebody waits.
    return {"error": {"kind": kind, "message": message, "retry_after_ms": 10000}}


def send(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


send({"type": "hello", "v": [1], "plugin": {"id": "jsonstore", "version": "1.0.0"}, "capabilities": []})
path = os.path.expanduser(json.loads(sys.stdin.readline() or "{}").get("config", {}).get("file", "~/jsonstore.json"))
for line in sys.stdin:
    message = json.loads(line, parse_float=str)
    if message.get("type") == "request":
        send({"type": "response", "id": message["id"], **respond(message, path)})
