"""Ports of 127.0.0.1 for servers that tests start."""

import random
import socket


def free_port():
    """One that nobody has, and below those that the system gives to connections: a server comes back to its own."""
    while True:
        port = random.randrange(20_000, 32_000)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            pass
