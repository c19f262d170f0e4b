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

    def __init__(self, path, writes):
        self.path = os.path.realpath(path)
        self.writes = writes

    def __enter__(self):
        try:
            # A folder that is gone, such as one that isn't mounted, has secrets all the same.
            if self.writes:
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
        try:
            text = json.dumps(self.secrets)
        except TypeError:
            raise Fault("invalid-input", "a number in it would be rounded: write it as a text")
        temporary = self.path + ".new"
        with open(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)


def number(text):
    """A number that is written as it was read; of others nothing is kept, as they would come back rounded."""
    value = float(text) if any(letter in text for letter in ".eE") else int(text)
    return value if repr(value) == text else object()


def current(secret):
    """What it holds; nothing once it was deleted, whose last version is kept so that its number isn't used again."""
    return secret and secret["versions"].get(str(secret["version"]))


def holds(condition, secret):
    content = current(secret)
    if condition.get("absent"):
        return content is None
    if "version" in condition:
        return content is not None and str(secret["version"]) == condition["version"]
    return content is not None and content == condition.get("secret")


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
        if secret and secret["versions"]:
            store.secrets[name] = {"version": secret["version"], "versions": {}}
            store.write()
        return {}
    if operation == "retire":
        if secret and secret["versions"].pop(arguments["version"], None):
            store.write()
        return {}
    if operation == "list":
        # Pages of 100; 'after' is the last name of the page before.
        names = sorted(n for n in store.secrets if current(store.secrets[n]) and n.startswith(arguments["prefix"]))
        names = [n for n in names if n > arguments.get("after", "")]
        return {"names": names[:100], **({"next": names[99]} if len(names) > 100 else {})}
    if operation == "health":
        return {"state": "healthy"}
    raise Fault("invalid-input", "an operation that it doesn't know")


def respond(request, path):
    try:
        operation = request["point"].removeprefix("secret.")
        with Store(path, operation in ("write", "delete", "retire")) as store:
            result = answer(operation, request["arguments"], store)
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
    message = json.loads(line, parse_float=number, parse_int=number)
    if message.get("type") == "request":
        send({"type": "response", "id": message["id"], **respond(message, path)})
