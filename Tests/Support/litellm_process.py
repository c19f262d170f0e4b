"""The process in which LiteLLM runs: its Python and environment, its network and its end."""

import contextlib
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading

from loopback_port import free_port

HERE = os.path.dirname(os.path.realpath(__file__))


def run_with_litellm(program):
    """Starts the program again with the Python that has LiteLLM, in an environment that is nobody's."""
    found = subprocess.run([os.path.join(HERE, "litellm.sh"), "binary"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                           text=True)
    if found.returncode != 0:
        sys.exit("error: LiteLLM could not be installed")
    python, folder = found.stdout.strip(), tempfile.mkdtemp(prefix="keyhooks-litellm-")
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder, "LC_ALL": "C.UTF-8", "TMPDIR": folder,
        "KEYHOOKS_LITELLM_FOLDER": folder, "PYTHONWARNINGS": "ignore",
        # No .env file of the working directory, and nothing asked of the network.
        "LITELLM_MODE": "PRODUCTION", "LITELLM_LOG": "ERROR", "LITELLM_TELEMETRY": "False",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
        "LITELLM_DONT_SHOW_FEEDBACK_BOX": "True", "DISABLE_ADMIN_UI": "True", "HF_HUB_OFFLINE": "1", "NO_PROXY": "*",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    os.chdir(folder)
    os.execve(python, [python, program, *sys.argv[1:]], environment)


def only_loopback(event, details):
    """Refuses, and tells of, whatever would leave the machine."""
    if event == "socket.connect" and details[0].family in {socket.AF_INET, socket.AF_INET6}:
        if not details[1][0].startswith("127.") and details[1][0] != "::1":
            print(f"error: LiteLLM wanted to connect to {details[1][0]}", file=sys.stderr, flush=True)
            raise ConnectionRefusedError(f"tests don't leave loopback: {details[1][0]}")
    if event == "socket.getaddrinfo" and details[0] not in {"127.0.0.1", "localhost", b"127.0.0.1", b"localhost", None}:
        print(f"error: LiteLLM wanted to look up {details[0]}", file=sys.stderr, flush=True)
        raise socket.gaierror(socket.EAI_NONAME, f"tests don't leave loopback: {details[0]}")


def end_with(descriptor, parent, end):
    """Calls `end` when the descriptor's other end closes or the parent is gone."""
    def wait():
        while True:
            ready, _, _ = select.select([descriptor], [], [], 1)
            if os.getppid() != parent or (ready and not os.read(descriptor, 4096)):
                end()

    threading.Thread(target=wait, daemon=True).start()


def listen():
    """A socket of a free port, so that nobody takes the port before the server has it."""
    while True:
        # With its protocol named: asyncio sends small packets at once only then.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", free_port()))
            listener.listen(512)
            return listener
        except OSError:
            listener.close()


def url(listener):
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


async def run_server(app, listener):
    import uvicorn
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", loop="asyncio", interface="asgi3", ws="none", access_log=False,
                                           log_level="error", timeout_keep_alive=60))
    server.capture_signals = contextlib.nullcontext
    await server.serve(sockets=[listener])
