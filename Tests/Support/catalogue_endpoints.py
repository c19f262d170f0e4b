"""The rules that endpoints.json must keep, and its comparison with the sources it was made from; for catalogue-drift.py.

Beside this script, in catalogue-drift/: litellm-hosts.txt, every host that LiteLLM's source names (a `*` where its code
puts something in); models-dev-urls.json, the `api` of the providers whose base URL is from models.dev; hosts.txt, the
hosts that have no word of their service in them, each with the reason; undocumented.txt, what a service doesn't have
here, each with the reason.
"""

import fnmatch
import re
from urllib.parse import urlsplit

MEMBERS = {"baseURL", "authentication", "variables"}
WORD = re.compile(r"[A-Za-z0-9_-]+")
# What the name beside a form says, and how it has to look; the others have none.
FORMS = {"bearer", "header", "scheme", "query", "basic", "signature", "exchange", "none"}
WITHOUT_NAME = {"signature", "exchange", "none"}
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# Fields whose value is a URL already, so that it may begin one.
WHOLE_URLS = {"host", "url", "base_url", "api_base", "endpoint", "api_endpoint"}
HOST = re.compile(r"([a-z0-9*]([a-z0-9*-]*[a-z0-9*])?\.)+[a-z*]{2,}|localhost")


def host_of(url):
    """The host with a `*` for each placeholder; None for a URL that begins with one."""
    starred = PLACEHOLDER.sub("*", url)
    return None if starred.startswith("*") else urlsplit(starred).hostname


def own_names(service):
    lists = [service.get("env", []), *service.get("fields", {}).values()]
    return {entry[0] for entries in lists for entry in entries}


def words_of(id, service):
    """What a host of the service may well have in it."""
    names = {id, *service.get("aliases", []), *own_names(service)}
    parts = {part.lower() for name in names for part in name.split("_")} | {name.replace("_", "").lower() for name in names}
    return {part for part in parts if len(part) >= 3} - {"api", "key", "token", "access", "secret", "cloud", "llm", "agent"}


def sourced(value, count, sources):
    """Whether a value is a list of so many texts, the last of them letters of sources."""
    return (
        isinstance(value, list) and len(value) == count and all(isinstance(part, str) for part in value)
        and value[-1] != "" and set(value[-1]) <= sources.keys() and len(set(value[-1])) == len(value[-1])
    )


def check_url(id, url, service, known_hosts):
    problems = []
    for field in PLACEHOLDER.findall(url):
        if field not in service.get("fields", {}):
            problems.append(f"{id}: the base URL has {{{field}}}, and the service has no such field")
    if url.startswith("{"):
        first = PLACEHOLDER.match(url)
        if first is None or first[1] not in WHOLE_URLS:
            problems.append(f"{id}: the base URL {url!r} begins with a field that is no URL")
        rest = url[first.end():] if first else ""
        return problems + ([f"{id}: the base URL {url!r} ends with a slash"] if rest.endswith("/") else [])
    parts, host = urlsplit(PLACEHOLDER.sub("*", url)), host_of(url)
    is_local = host == "localhost"
    if parts.scheme != ("http" if is_local else "https"):
        problems.append(f"{id}: the base URL {url!r} is not https" + (" (nor http, for localhost)" if is_local else ""))
    if parts.query or parts.fragment or parts.username is not None or url.endswith("/") or re.search(r"\s|//.*//", url):
        problems.append(f"{id}: the base URL {url!r} has a query, a fragment, a user, a blank or a slash too many")
    if not host or not HOST.fullmatch(host) or host != urlsplit(PLACEHOLDER.sub("*", url)).netloc.partition(":")[0]:
        problems.append(f"{id}: {host!r} isn't a valid host in lower case")
    elif parts.port and not is_local:
        problems.append(f"{id}: the base URL {url!r} has a port")
    elif not is_local and host not in known_hosts and not any(word in re.sub("[-.]", "", host) for word in words_of(id, service)):
        problems.append(f"{id}: {host} has no word of the service in it; if it's right, add it to hosts.txt with the reason")
    return problems


def check_authentication(label, value, service, sources):
    if not sourced(value, 3, sources):
        return [f"{label}: {value!r} is not [form, name, letters]"]
    form, name, _ = value
    if form not in FORMS:
        return [f"{label}: unknown form {form!r}; known: {', '.join(sorted(FORMS))}"]
    if form in WITHOUT_NAME:
        return [f"{label}: the form {form!r} takes no name"] if name else []
    if form == "bearer":
        return [] if name == "Authorization" else [f"{label}: a bearer token goes into Authorization, not {name!r}"]
    if form == "basic":
        return [] if name in service.get("fields", {}) else [f"{label}: the user name {name!r} is no field of the service"]
    return [] if WORD.fullmatch(name) else [f"{label}: {name!r} is no {'parameter' if form == 'query' else 'word for a header'}"]


def check(document, text, services, stored):
    """Problems of form and of plausibility, and where the stored sources say something else."""
    sources, endpoints = document.get("sources"), document.get("endpoints")
    if document.get("schema") != 1 or not isinstance(sources, dict) or not isinstance(endpoints, dict):
        return ["endpoints.json: the top level needs \"schema\": 1 and the objects \"sources\" and \"endpoints\""]
    problems, places = [], {}
    for id, entry in endpoints.items():
        service = services.get(id)
        if service is None:
            problems.append(f"{id}: has an endpoint and is no service")
            continue
        if not isinstance(entry, dict) or not entry or not entry.keys() <= MEMBERS:
            problems.append(f"{id}: the endpoint has other members than {', '.join(sorted(MEMBERS))}, or none")
            continue
        if "baseURL" in entry:
            if not sourced(entry["baseURL"], 2, sources):
                problems.append(f"{id}: baseURL {entry['baseURL']!r} is not [URL, letters]")
            else:
                url = entry["baseURL"][0]
                problems += check_url(id, url, service, stored.hosts)
                if not url.startswith("{") and host_of(url) != "localhost":
                    places.setdefault(url, []).append(id)
        if "authentication" in entry:
            problems += check_authentication(f"{id}.authentication", entry["authentication"], service, sources)
        for name, value in entry.get("variables", {}).items():
            if name not in own_names(service):
                problems.append(f"{id}: {name} is no variable of the service")
            problems += check_authentication(f"{id}.{name}", value, service, sources)
    problems += gaps(endpoints, services, stored.undocumented)
    for url, ids in places.items():
        apart = [b for b in ids[1:] if b not in services[ids[0]].get("separateFrom", [])]
        problems += [f"{b}: has the base URL of {ids[0]}, of which it knows nothing" for b in apart]
    ids = re.findall(r'^    "([^"]+)": \{.*\},?$', text.partition('"endpoints"')[2], re.MULTILINE)
    problems += [f"{b}: stands after {a} in endpoints.json; sort it by id" for a, b in zip(ids, ids[1:]) if b < a]
    problems += [f"{id}: does not stand on one line of its own in endpoints.json" for id in endpoints.keys() - set(ids)]
    return problems or litellm_drift(endpoints, stored.litellm) + models_dev_drift(endpoints, stored.models_dev)


def gaps(endpoints, services, undocumented):
    """Services without a base URL or a form of authentication and without a reason for that, and reasons for nothing."""
    problems = [
        f"{id}: undocumented.txt has it, and it is no service" for id in sorted(undocumented.keys() - services.keys())
    ]
    for id in services:
        for member in ("baseURL", "authentication"):
            is_there, is_excused = member in endpoints.get(id, {}), member in undocumented.get(id, ())
            if not is_there and not is_excused:
                problems.append(f"{id}: has no {member}; add it, or to undocumented.txt with the reason")
            if is_there and is_excused:
                problems.append(f"{id}: has a {member} and is in undocumented.txt; remove it there")
    return problems


def urls_from(endpoints, letter):
    return {id: e["baseURL"][0] for id, e in endpoints.items() if letter in e.get("baseURL", ["", ""])[1]}


def litellm_drift(endpoints, hosts):
    problems = []
    for id, url in sorted(urls_from(endpoints, "L").items()):
        host = host_of(url)
        if host not in (None, "localhost") and not any(fnmatch.fnmatchcase(host, known) for known in hosts):
            problems.append(f"LiteLLM: names no host {host} ({id})")
    return problems


def models_dev_drift(endpoints, urls):
    """Compares with what models.dev says; urls by normalised id."""
    return [
        f"models.dev: {id} has the base URL {urls[id]}, not {url}"
        for id, url in sorted(urls_from(endpoints, "M").items())
        if id in urls and comparable(urls[id]) != comparable(url)
    ]


def comparable(url):
    """A base URL without what differs in spelling only: the placeholder's form, the last slash, the loopback's name."""
    url = re.sub(r"\$\{[A-Z0-9_]+\}|\{[a-z0-9_]+\}", "*", url.strip()).rstrip("/")
    return url.replace("http://127.0.0.1:", "http://localhost:")


LITERAL = re.compile(r"https://([A-Za-z0-9._{}<>*$-]+)")


def litellm_hosts(texts):
    """The hosts that LiteLLM's source names, a `*` where its code puts something in."""
    found = set()
    for text in texts:
        for literal in LITERAL.findall(text):
            host = re.sub(r"\{[^{}]*\}|<[^<>]*>", "*", literal).lower()
            host = re.sub(r"[{<$].*", "*", host).rstrip(".-")
            # With less than two words of its own it would stand for any host.
            if re.fullmatch(r"[a-z0-9.*-]+", host) and sum("*" not in label for label in host.split(".")) >= 2:
                found.add(host)
        # Some bases are written without a scheme.
        found.update(re.findall(r"[\"']((?:[a-z0-9-]+\.)+[a-z]{2,})/", text))
    return found
