#!/usr/bin/env python3
"""The real LiteLLM proxy on loopback, with a database in memory, for tests of virtual keys.

    Tests/Support/litellm-proxy.py [--no-database] [--premium] [--no-custom-keys] [--alias-pattern] [--upper-bound DURATION]
"""

import argparse
import asyncio
import gc
import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

from loopback_port import free_port

HERE = os.path.dirname(os.path.realpath(__file__))
MODELS = ["gpt-stand-in", "claude-stand-in", "small-stand-in"]


def arguments():
    parser = argparse.ArgumentParser()
    for name in ["no-database", "premium", "no-custom-keys", "alias-pattern"]:
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--upper-bound", metavar="DURATION")
    return parser.parse_args()


def run_with_litellm():
    """Starts this program again with the Python that has LiteLLM, in an environment that is nobody's."""
    python = subprocess.run([os.path.join(HERE, "litellm.sh"), "binary"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                            check=True, text=True).stdout.strip()
    folder = tempfile.mkdtemp(prefix="keyhooks-litellm-")
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder, "LC_ALL": "C.UTF-8", "TMPDIR": folder,
        "KEYHOOKS_LITELLM_FOLDER": folder,
        # No dotenv of the working directory; nothing asked of the network.
        "LITELLM_MODE": "PRODUCTION", "LITELLM_LOG": "ERROR", "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True", "LITELLM_DONT_SHOW_FEEDBACK_BOX": "True",
        "DISABLE_ADMIN_UI": "True", "HF_HUB_OFFLINE": "1", "NO_PROXY": "*", "AWS_EC2_METADATA_DISABLED": "true",
        "LITELLM_TELEMETRY": "False", "PYTHONWARNINGS": "ignore",
    }
    os.chdir(folder)
    os.execve(python, [python, os.path.realpath(__file__), *sys.argv[1:]], environment)


def only_loopback(event, details):
    """Refuses, and tells of, whatever would leave the machine."""
    if event == "socket.connect" and details[0].family in {socket.AF_INET, socket.AF_INET6}:
        host = details[1][0]
        if not host.startswith("127.") and host != "::1":
            print(f"error: LiteLLM wanted to connect to {host}", file=sys.stderr, flush=True)
            raise ConnectionRefusedError(f"tests leave loopback alone: {host}")
    if event == "socket.getaddrinfo" and details[0] not in {"127.0.0.1", "localhost", b"127.0.0.1", None, "::1"}:
        print(f"error: LiteLLM wanted to look up {details[0]}", file=sys.stderr, flush=True)
        raise socket.gaierror(socket.EAI_NONAME, f"tests leave loopback alone: {details[0]}")


def end_with_parent(parent, folder):
    """Ends the program when standard input closes, or when who started it is gone."""
    while True:
        ready, _, _ = select.select([0], [], [], 1)
        if os.getppid() != parent or (ready and not os.read(0, 4096)):
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)


def configuration(options, master_key, model_url):
    general = {"master_key": master_key, "disable_custom_api_keys": options.no_custom_keys}
    settings = {"telemetry": False, "enable_key_alias_format_validation": options.alias_pattern}
    if options.upper_bound:
        settings["upperbound_key_generate_params"] = {"duration": options.upper_bound}
    return {
        "model_list": [{
            "model_name": name,
            "litellm_params": {"model": f"openai/{name}", "api_base": f"{model_url}/v1", "api_key": "stand-in",
                               "input_cost_per_token": 0.001, "output_cost_per_token": 0.002},
        } for name in MODELS],
        "general_settings": general,
        "litellm_settings": settings,
        "router_settings": {"num_retries": 0},
    }


def server(app, port, log_level="error"):
    import uvicorn
    config = uvicorn.Config(app, host="127.0.0.1", port=port, lifespan="off", loop="asyncio", log_level=log_level,
                            access_log=False, ws="none", interface="asgi3", timeout_keep_alive=60)
    made = uvicorn.Server(config)
    made.install_signal_handlers = lambda: None
    return made


async def serve(options, folder):
    import litellm.proxy.proxy_server as proxy
    from litellm_control import Behind
    from litellm_database import client
    from litellm_model import model_server
    import litellm
    import litellm_schema

    master_key = "sk-" + secrets.token_urlsafe(32)
    proxy_port, control_port, model_port = free_port(), free_port(), free_port()
    path = os.path.join(folder, "config.yaml")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(configuration(options, master_key, f"http://127.0.0.1:{model_port}"), file)
    # What LiteLLM does as its application starts, without what needs its real database, its UI or the network.
    database = None
    if not options.no_database:
        proxy.prisma_client = client(litellm_schema.load(os.path.dirname(litellm.__file__)), proxy.proxy_logging_obj)
        database = proxy.prisma_client.db
    proxy.premium_user = options.premium
    proxy.llm_router, proxy.llm_model_list, proxy.general_settings = await proxy.proxy_config.load_config(
        router=None, config_file_path=path)
    proxy.premium_user = options.premium
    # Each refusal that a test asks for would be a page of traceback.
    for logger in [litellm.verbose_logger, litellm._logging.verbose_proxy_logger, litellm._logging.verbose_router_logger]:
        logger.setLevel("CRITICAL")
    proxy.ProxyStartupEvent.initialize_startup_logging(
        llm_router=proxy.llm_router, proxy_logging_obj=proxy.proxy_logging_obj, redis_usage_cache=None)

    async def forget(token, spend):
        """Drops what LiteLLM remembers of a key that the control server changed."""
        await proxy.user_api_key_cache.async_delete_cache(token)
        if spend is not None:
            await proxy.spend_counter_cache.async_delete_cache(f"spend:key:{token}")

    behind = Behind(proxy.app, database, master_key, forget)
    servers = [server(behind, proxy_port, "critical"), server(behind.control, control_port), server(model_server, model_port)]
    running = [asyncio.create_task(one.serve()) for one in servers]
    while not all(one.started for one in servers):
        await asyncio.sleep(0.01)
    print(json.dumps({"url": f"http://127.0.0.1:{proxy_port}", "masterKey": master_key,
                      "control": f"http://127.0.0.1:{control_port}", "models": MODELS,
                      "version": proxy.version, "premium": options.premium}), file=ANSWER, flush=True)
    if database is not None:
        asyncio.create_task(write_spend(proxy))
    await asyncio.gather(*running)


async def write_spend(proxy):
    """LiteLLM's own job that writes spend to the database: each tenth of a second, not each minute."""
    while True:
        await asyncio.sleep(0.1)
        await proxy.update_spend(prisma_client=proxy.prisma_client, db_writer_client=None,
                                 proxy_logging_obj=proxy.proxy_logging_obj)


if __name__ == "__main__":
    options = arguments()
    if "KEYHOOKS_LITELLM_FOLDER" not in os.environ:
        run_with_litellm()
    folder = os.environ["KEYHOOKS_LITELLM_FOLDER"]
    threading.Thread(target=end_with_parent, args=(os.getppid(), folder), daemon=True).start()
    sys.addaudithook(only_loopback)
    # Standard output is for our one line, whatever LiteLLM prints.
    ANSWER = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # Collecting while hundreds of modules load costs two seconds and frees nothing.
    gc.disable()
    from litellm_database import install_prisma
    install_prisma()
    import litellm.proxy.proxy_server  # noqa: F401
    gc.freeze()
    gc.enable()
    asyncio.run(serve(options, folder))
