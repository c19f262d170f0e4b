"""Outages, tokens and hanging secrets of one server: 200 look-ups a second, 50 services, the fault at 8 s."""

import os
import tempfile

from load import Table, Writer, ask, count, failures, number
from servers import HangingProxy, Server


def ready(action):
    def act():
        action()
        return "ready"

    return act


def row(table, name, result):
    if "crash" in result:
        table.row(name, f"the process ended with {result['crash']}", *[""] * 8)
        return
    old = result["within"] + result["beyond"]
    late = max((moment for moment in (result["lastOld"], result["lastFailed"]) if moment is not None), default=None)
    table.row(
        name,
        count(result["lookUps"]),
        count(result["right"]),
        count(old),
        failures(result),
        f"{result['wrong']} / {result['weak']} / {result['backwards']}",
        f"{number(result['p50'])} / {number(result['p90'])} / {number(result['p99'])} / {number(result['max'], 0)}",
        count(result["waited"]),
        f"{number(result['firstReadMin'], 1)} / {number(result['firstReadMax'], 1)}",
        number(late, 1) + ("" if late is None else " s"),
    )


COLUMNS = (
    "case",
    "look-ups",
    "right",
    "old within bound",
    "failed",
    "wrong / weak / backwards",
    "p50 / p90 / p99 / max ms",
    "waited over 10 ms",
    "first read after ready, min / max s",
    "last old or failed after ready",
)


def kill(seconds):
    return lambda server: [(8, server.kill), (8 + seconds, ready(server.restart))]


def stop(seconds):
    return lambda server: [(8, server.stop), (8 + seconds, ready(server.cont))]


def seal(seconds):
    return lambda server: [(8, server.seal), (8 + seconds, ready(server.unseal))]


def app_role(server, folder):
    """Makes a role; the settings that log in with it, and what puts a secret id in its file."""
    server.admin("POST", "sys/auth/approle", {"type": "approle"})
    server.expect("POST", "sys/policies/acl/load", {"policy": 'path "secret/*" { capabilities = ["read"] }'})
    server.expect("POST", "auth/approle/role/load", {"token_policies": ["load"], "token_ttl": "1h"})
    role = server.expect("GET", "auth/approle/role/load/role-id")["data"]["role_id"]
    secret = server.expect("POST", "auth/approle/role/load/secret-id", {})["data"]["secret_id"]
    path = os.path.join(folder, "secret-id")

    def put(text=secret):
        write(path, text)

    put()
    return {"token": None, "appRole": {"roleID": role, "secretID": f"file:{path}"}}, put


def write(path, text):
    """As an agent does it: renamed, so that nobody reads half a file."""
    with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    os.replace(path + ".new", path)


def outages():
    cases = [
        ("kill -9, 20 s, one secret, staleIfError 1h", 60, kill(20), dict(one_secret=True)),
        ("kill -9, 20 s, 50 secrets, 1h", 60, kill(20), {}),
        ("kill -9, 20 s, one secret, 5s", 60, kill(20), dict(one_secret=True, staleIfError="5s")),
        ("kill -9, 20 s, 50 secrets, 5s", 60, kill(20), dict(staleIfError="5s")),
        ("SIGSTOP 20 s, timeout 2 s, 1h", 50, stop(20), {}),
        ("SIGSTOP 30 s, timeout 10 s, 1h", 70, stop(30), dict(timeout="10s")),
        ("sealed 15 s, 1h", 50, seal(15), {}),
    ]
    table = Table("Outages: 200/s, 50 services, ttl 2 s, timeout 2 s, fault at 8 s", *COLUMNS)
    for name, seconds, events, settings in cases:
        with Server() as server:
            row(table, name, ask(server, seconds=seconds, events=events(server), **settings))
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        settings, _ = app_role(server, folder)
        row(table, "AppRole, kill -9, 20 s, 1h", ask(server, seconds=55, events=kill(20)(server), **settings))


def revoke(server):
    return lambda: server.expect("POST", "sys/leases/revoke-prefix/auth/approle/login", {})


def tokens():
    table = Table(
        "Tokens: 50 secrets, ttl 2 s",
        "case",
        "failed of",
        "wrong / weak",
        "logins",
        "last failure after it was put right",
    )

    def tell(name, server, result):
        table.row(
            name,
            f"{failures(result)} of {count(result['lookUps'])}",
            f"{result['wrong']} / {result['weak']}",
            server.logins(),
            number(result["lastFailed"], 1) + (" s" if result["lastFailed"] is not None else ""),
        )

    with Server() as server, tempfile.TemporaryDirectory() as folder:
        settings, _ = app_role(server, folder)
        tell(
            "AppRole, all tokens revoked, 200/s",
            server,
            ask(server, seconds=25, events=[(8, revoke(server))], **settings),
        )
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        settings, _ = app_role(server, folder)
        events = [(8 + n, revoke(server)) for n in range(5)]
        tell(
            "5 revocations a second apart, 500/s", server, ask(server, rate=500, seconds=25, events=events, **settings)
        )
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        settings, put = app_role(server, folder)
        events = [(8, lambda: put("bad")), (8, revoke(server)), (18, ready(put))]
        tell("revoked and a bad secret id for 10 s", server, ask(server, seconds=50, events=events, **settings))
    for name, spoil in [
        ("token file replaced, old token revoked after", "none"),
        ("token revoked 10 s before its file is replaced", "revoke"),
        ("file holds a wrong token for 10 s, the old one is revoked", "wrong"),
        ("file is missing for 10 s, the old token is revoked", "missing"),
    ]:
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            server.expect("POST", "sys/policies/acl/load", {"policy": 'path "secret/*" { capabilities = ["read"] }'})
            old, new = (
                server.expect("POST", "auth/token/create", {"policies": ["load"]})["auth"]["client_token"]
                for _ in range(2)
            )
            path = os.path.join(folder, "token")
            write(path, old)
            kill_old = lambda: server.expect("POST", "auth/token/revoke", {"token": old})
            bad = {
                "none": lambda: write(path, new),
                "revoke": lambda: None,
                "wrong": lambda: write(path, "s.wrong"),
                "missing": lambda: os.unlink(path),
            }
            events = [(8, bad[spoil]), (8.5 if spoil == "none" else 8, kill_old)]
            events += [] if spoil == "none" else [(18, ready(lambda: write(path, new)))]
            tell(name, server, ask(server, seconds=40, events=events, token=f"file:{path}"))


def hanging():
    """Some of 50 secrets are never answered, the others by the real server."""
    table = Table(
        "Some secrets are never answered: 50 secrets, 200/s, ttl 2 s",
        "hanging",
        "timeout",
        "failed",
        "p50 / p90 / p99 / max ms",
        "of those answered, p50 / p99 / max ms",
        "right",
        "waited over 10 ms",
    )
    for number_hanging, timeout in [(0, "10s"), (3, "10s"), (6, "10s"), (8, "10s"), (6, "2s"), (8, "2s")]:
        with Server() as server:
            proxy = HangingProxy(server.port, {f"svc{index}" for index in range(number_hanging)})
            result = ask(server, seconds=40, address=[proxy.address], timeout=timeout)
            times = " / ".join(number(result[name], 3) for name in ("p50", "p90", "p99", "max"))
            answered = " / ".join(number(result[name], 3) for name in ("answeredP50", "answeredP99", "answeredMax"))
            table.row(
                number_hanging,
                timeout,
                failures(result),
                times,
                answered,
                count(result["right"]),
                count(result["waited"]),
            )


def outage():
    outages()
    tokens()
    hanging()
