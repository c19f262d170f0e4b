#!/usr/bin/env python3
"""The real LiteLLM proxy on loopback, with a database in memory, for tests of virtual keys.

    Tests/Support/litellm-proxy.py [--no-database] [--premium] [--no-custom-keys] [--alias-pattern] [--upper-bound DURATION]
                                   [--budget-status STATUS]
    Tests/Support/litellm-proxy.py --fork

Prints one line of JSON when it takes requests: `url` and `masterKey` of the proxy, `control` (the URL of a server of ours: see
litellm_control.py), `models`, `version`, `premium`. It ends when standard input closes or when who started it ends.

With --fork it loads LiteLLM once, which is what takes the seconds, and starts a server for each line of standard input: the
line has that server's options, perhaps none, and is answered by that server's line before the next is read. All of them end
together, or one by `POST /end` to its control server.

What is LiteLLM's: its application with all its routes, authentication, checks, hashing, budgets, errors, and PrismaClient. What
isn't: the tables that its SQL goes to (litellm_tables.py, litellm_database.py: columns, defaults, unique and foreign keys
by LiteLLM's schema.prisma; no transactions, no time zones but UTC; the tables of usage pages and access groups stay empty),
its start-up (no scheduled jobs, so budgets don't reset and keys don't rotate by themselves; its job that writes spend runs each
tenth of a second), licences (--premium says there is one), and the provider of models (litellm_model.py: 0.02 a chat).

What LiteLLM 1.108.7 answered here, on 30 November 2026. "refusal" is {"error": {"message", "type", "param", "code"}}, whose
message is often a Python dictionary as text, and whose code is text.

    wrong admin key                       401 token_not_found_in_db; auth_error when it doesn't start with sk-
    a key without an administrator        401 auth_error "Only proxy admin can be used to generate, …"
    an alias that is taken                400 bad_request_error, param key_alias
    duration 60, "60", "abc", "-1"        422 detail; 500 "Unsupported duration unit"; 500 "Invalid duration format", twice
    duration "1h30m", "0s", none          taken as 1h; expired at once; never expires
    unknown model, team, user, agent      200: nobody checks
    unknown organization, project, budget 500; 404; 500 "{'error': 'Internal Server Error.'}" after two seconds
    tags, guardrails, policies, prompts, allowed_passthrough_routes, disable_global_guardrails without a licence
                                          403 "only available for LiteLLM Enterprise users: tags", and nothing is minted
    model_max_budget without a licence    500 "You must have an enterprise license"; enforced_params, auto_rotate pass
    a chosen key where it isn't allowed   403 "Custom API key values are disabled", after the check of the alias
    the same chosen key with a new alias  200 with the new values, though the row keeps the old ones
    /key/update with a hash and duration  200, expires counts from now, also of expired and blocked keys; missing or deleted: 404
    /key/update, duration "-1" or null    never expires; null does so even past an upper bound of the administrator's
    /key/update, metadata                 what is sent replaces it all; not sent: kept; null: 400
    /key/delete, nothing found            404 "No keys found"; some found: 200 and deleted_keys is the *request's* list
    /key/info, unknown key                404 not_found_error; deleted: 200 with status deleted; blocked: revoked
    /key/list?key_alias=                  exact; substring_matching=true otherwise; keys, total_count, current_page, total_pages
    /key/{hash}/regenerate, no licence    500 "Regenerating Virtual Keys is an Enterprise feature"
    chat with an expired key              401 expired_key, param masked; deleted 401 token_not_found_in_db; blocked 401 auth_error
    chat over the budget                  422 budget_exceeded (429 where an administrator set budget_exceeded_status_code)
    chat with a model that isn't allowed  403 key_model_access_denied, team_model_access_denied
    no database                           400 no_db_connection to a wrong key; 500 with several messages to the right one
"""

import argparse
import asyncio
import gc
import json
import os
import secrets
import shutil
import signal
import sys

from litellm_process import end_with, listen, only_loopback, run_server, run_with_litellm, url

MODELS = ["gpt-stand-in", "claude-stand-in", "small-stand-in"]


def options_of(words):
    parser = argparse.ArgumentParser()
    for name in ["no-database", "premium", "no-custom-keys", "alias-pattern", "fork"]:
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--upper-bound", metavar="DURATION")
    parser.add_argument("--budget-status", metavar="STATUS", type=int)
    return parser.parse_args(words)


def configuration(options, master_key, model_url):
    settings = {"telemetry": False, "enable_key_alias_format_validation": options.alias_pattern}
    if options.upper_bound:
        settings["upperbound_key_generate_params"] = {"duration": options.upper_bound}
    if options.budget_status:
        settings["budget_exceeded_status_code"] = options.budget_status
    return {
        "model_list": [{
            "model_name": name,
            "litellm_params": {"model": f"openai/{name}", "api_base": f"{model_url}/v1", "api_key": "stand-in",
                               "input_cost_per_token": 0.001, "output_cost_per_token": 0.002},
        } for name in MODELS],
        "general_settings": {"master_key": master_key, "disable_custom_api_keys": options.no_custom_keys},
        "litellm_settings": settings,
        "router_settings": {"num_retries": 0},
    }


async def start_litellm(options, folder, master_key, model_url):
    """What LiteLLM does as its application starts, without what needs its real database, its UI or the network."""
    import litellm
    import litellm.proxy.proxy_server as proxy
    import litellm_schema
    from litellm_database import client

    if not options.no_database:
        proxy.prisma_client = client(litellm_schema.load(os.path.dirname(litellm.__file__)), proxy.proxy_logging_obj)
    path = os.path.join(folder, f"config-{os.getpid()}.yaml")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(configuration(options, master_key, model_url), file)
    proxy.llm_router, proxy.llm_model_list, proxy.general_settings = await proxy.proxy_config.load_config(
        router=None, config_file_path=path)
    os.remove(path)
    proxy.premium_user = options.premium
    # Each refusal that a test asks for would be a page of traceback.
    for logger in [litellm.verbose_logger, litellm._logging.verbose_proxy_logger, litellm._logging.verbose_router_logger]:
        logger.setLevel("CRITICAL")
    proxy.ProxyStartupEvent.initialize_startup_logging(
        llm_router=proxy.llm_router, proxy_logging_obj=proxy.proxy_logging_obj, redis_usage_cache=None)
    return proxy


async def serve(options, folder, answer, end):
    from litellm_control import Behind
    from litellm_model import model_server

    master_key = "sk-" + secrets.token_urlsafe(32)
    listener, control, model = listen(), listen(), listen()
    proxy = await start_litellm(options, folder, master_key, url(model))

    async def forget(token):
        """Drops what LiteLLM remembers of a key that the control server changed."""
        await proxy.user_api_key_cache.async_delete_cache(token)
        await proxy.spend_counter_cache.async_delete_cache(f"spend:key:{token}")

    database = proxy.prisma_client.db if proxy.prisma_client else None
    behind = Behind(proxy.app, database, master_key, forget, end)
    print(json.dumps({"url": url(listener), "masterKey": master_key, "control": url(control), "models": MODELS,
                      "version": proxy.version, "premium": options.premium}), file=answer, flush=True)
    work = [run_server(behind, listener), run_server(behind.control, control), run_server(model_server, model)]
    await asyncio.gather(*work, *([write_spend(proxy)] if database else []))


async def write_spend(proxy):
    """LiteLLM's own job that writes spend to the database: each tenth of a second, not each minute."""
    while True:
        await asyncio.sleep(0.1)
        await proxy.update_spend(prisma_client=proxy.prisma_client, db_writer_client=None,
                                 proxy_logging_obj=proxy.proxy_logging_obj)


def load():
    """Imports LiteLLM. Collecting garbage meanwhile costs seconds and frees nothing."""
    from litellm_database import install_prisma
    gc.disable()
    install_prisma()
    import litellm.proxy.proxy_server  # noqa: F401
    import uvicorn.protocols.http.h11_impl  # noqa: F401
    gc.collect()
    gc.freeze()
    gc.enable()


def fork_for_each_line(folder, answer):
    """Forks a server for each line of standard input, until it closes."""
    life, held = os.pipe()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        parent = os.getpid()
        reading, writing = os.pipe()
        if os.fork() == 0:
            for descriptor in [held, reading, 0]:
                os.close(descriptor)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            end_with(life, parent, lambda: end(folder))
            with os.fdopen(writing, "w") as ready:
                asyncio.run(serve(options_of(line.split()), folder, ready, end=lambda: os._exit(0)))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as ready:
            print(ready.readline().strip() or '{"error": "the server did not start"}', file=answer, flush=True)
    end(folder)


def end(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main():
    options = options_of(sys.argv[1:])
    if "KEYHOOKS_LITELLM_FOLDER" not in os.environ:
        run_with_litellm(os.path.realpath(__file__))
    folder = os.environ["KEYHOOKS_LITELLM_FOLDER"]
    # Standard output is for our lines, whatever LiteLLM prints.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.addaudithook(only_loopback)
    if options.fork:
        load()
        return fork_for_each_line(folder, answer)
    end_with(0, os.getppid(), lambda: end(folder))
    signal.signal(signal.SIGTERM, lambda *_: end(folder))
    load()
    asyncio.run(serve(options, folder, answer, end=lambda: end(folder)))


main()
