#!/usr/bin/env python3
"""A real PostgreSQL server on loopback, for tests of what OpenBao's database engine lends.

    Tests/Support/postgres.py

Makes a cluster in a temporary folder, and prints one line of JSON when the server takes connections: `host`, `port`, `user`
and `password` of its superuser, and the path of `psql`. The server ends and the folder goes when standard input closes or this
program ends, however it does. PostgreSQL refuses to run as root, so root starts it as `postgres`, or else as `nobody`.
"""

import glob
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from loopback_port import free_port


def find_programs():
    """The folder with the server's programs, of the newest version here."""
    def version(path):
        return [int(number) for number in re.findall(r"\d+", path)]

    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=version)
    if found:
        return os.path.dirname(found[-1])
    initdb = shutil.which("initdb")
    return os.path.dirname(os.path.realpath(initdb)) if initdb else None


def programs():
    folder = find_programs()
    if folder is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "postgresql"], check=True, stdout=sys.stderr,
                       env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        folder = find_programs()
    if folder is None:
        sys.exit("error: there is no PostgreSQL here: install the package postgresql")
    return folder


def owner():
    """Whom the server runs as; None for whoever runs this."""
    if os.geteuid() != 0:
        return None
    for name in ["postgres", "nobody"]:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    sys.exit("error: there is no user 'postgres' or 'nobody' to run PostgreSQL as")


def is_server(pid, folder):
    """Whether the server has the number still; it takes this file away as it ends."""
    try:
        with open(os.path.join(folder, "data", "postmaster.pid")) as file:
            return file.readline().strip() == str(pid)
    except OSError:
        return False


def guard(pipe, folder):
    """Waits until the program at the other end of the pipe has ended, and takes away what it leaves."""
    for name in ["SIGTERM", "SIGINT", "SIGHUP"]:
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in [0, 1]:
        os.dup2(nowhere, descriptor)
    with os.fdopen(pipe) as lines:
        pids = [int(line) for line in lines]
    for pid in pids:
        deadline = time.monotonic() + 10
        if is_server(pid, folder):
            # At once: the data goes away.
            os.kill(pid, signal.SIGQUIT)
        while is_server(pid, folder):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                break
            time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def start(bin, folder, user, password, pipe):
    """Starts the server on a port that is free; its process and the port."""
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "HOME": folder}
    common = {"stdin": subprocess.DEVNULL, "cwd": folder, "env": environment, **identity}
    data, log_path = os.path.join(folder, "data"), os.path.join(folder, "server.log")
    secret = os.path.join(folder, "password")
    with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
    if user:
        for path in [folder, secret]:
            os.chown(path, user.pw_uid, user.pw_gid)
    subprocess.run([os.path.join(bin, "initdb"), "-D", data, "-U", "postgres", "--auth=scram-sha-256",
                    f"--pwfile={secret}", "--encoding=UTF8", "--no-sync"],
                   check=True, stdout=subprocess.DEVNULL, stderr=sys.stderr, **common)
    for _ in range(3):
        port = free_port()
        with open(log_path, "ab") as log:
            server = subprocess.Popen([os.path.join(bin, "postgres"), "-D", data, "-p", str(port),
                                       "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                                       "-c", "fsync=off"], stdout=log, stderr=log, **common)
        os.write(pipe, f"{server.pid}\n".encode())
        while server.poll() is None:
            ready = subprocess.run([os.path.join(bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)], **common)
            if ready.returncode == 0:
                return server, port
            time.sleep(0.02)
        # Perhaps somebody took the port between our finding it and the server's binding it.
    with open(log_path, errors="replace") as log:
        sys.exit(f"error: PostgreSQL did not start:\n{log.read()[-4000:]}")


def main():
    bin = programs()
    user = owner()
    folder = tempfile.mkdtemp(prefix="keyhooks-postgres-")
    end, pipe = os.pipe()
    guardian = os.fork()
    if guardian == 0:
        os.close(pipe)
        guard(end, folder)
    os.close(end)
    for name in [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]:
        signal.signal(name, lambda *_: sys.exit(0))
    try:
        password = secrets.token_urlsafe(18)
        server, port = start(bin, folder, user, password, pipe)
        print(json.dumps({"host": "127.0.0.1", "port": port, "user": "postgres", "password": password,
                          "psql": os.path.join(bin, "psql")}), flush=True)
        while os.read(0, 4096):
            pass
    finally:
        os.close(pipe)
        os.waitpid(guardian, 0)


main()
