#!/usr/bin/env python3
"""Check the service catalogue, and compare it with the two lists it was made from.

    catalogue-drift.py --check                  the rules services.json and endpoints.json must keep
    catalogue-drift.py --models-dev api.json    ids and names models.dev has and we lack, and base URLs that differ
    catalogue-drift.py --litellm litellm.whl    names LiteLLM's source reads and we lack, and hosts it doesn't know
    catalogue-drift.py --litellm litellm.whl --write-hosts    writes litellm-hosts.txt anew

Nothing is fetched. Get the inputs like this:

    curl -o api.json https://models.dev/api.json
    pip download --no-deps litellm              (the wheel, or the folder of a checkout)

Beside this script, in catalogue-drift/: models-dev-f3fc692.json, the ids and names of the models.dev version the
catalogue was made from (--check requires every one of them), and litellm-ignored.txt, the names LiteLLM reads that
are left out on purpose. After adding a name to services.json give it the letter of its source. What belongs to
endpoints.json is in catalogue_endpoints.py, with the files it reads.

Exit status: 0 nothing to do, 1 drift or a broken rule (one line each), 2 unusable input or arguments.
"""

import argparse
import json
import re
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import catalogue_endpoints

HERE = Path(__file__).resolve().parent
DATA = HERE / "catalogue-drift"
CATALOGUE = HERE.parent.parent / "Sources" / "KeyHooks" / "Services" / "services.json"
ENDPOINTS = CATALOGUE.with_name("endpoints.json")
SNAPSHOT = DATA / "models-dev-f3fc692.json"
IGNORED = DATA / "litellm-ignored.txt"
HOSTS = DATA / "hosts.txt"
UNDOCUMENTED = DATA / "undocumented.txt"
LITELLM_HOSTS = DATA / "litellm-hosts.txt"
MODELS_DEV_URLS = DATA / "models-dev-urls.json"

MEMBERS = {"aliases", "keyRequired", "env", "fields", "credentials", "separateFrom", "note"}
FLAGS = {"shared", "legacy"}
FORBIDDEN = re.compile(r"OPENAI_ADMIN_KEY|(BAO|VAULT)_.*")  # admin calls only; the secret store is not a service
SIZE_LIMIT = 60_000  # the file is embedded in code

# Parts of LiteLLM that read credentials for something else: logging, guardrails, its own server, secret stores.
NOT_PROVIDERS = ("proxy/", "integrations/", "secret_managers/", "caching/")
SECRET = re.compile(r"[A-Z0-9_]+_(API_?KEY|API_TOKEN|ACCESS_TOKEN|TOKEN|KEY|SECRET|PAT|JWT|PASSWORD|CREDENTIALS)")
READ = re.compile(
    r"(?:\bget_secret(?:_str)?|\bgetenv|\benviron\.get)\(\s*(?:secret_name\s*=\s*)?(?:[\"']([^\"']+)[\"']|([A-Za-z_]\w*))"
    r"|\benviron\[\s*[\"']([^\"']+)[\"']\s*\](?!\s*=[^=])"
)
DECLARED = re.compile(r"\b(?:api_)?key_env(?:_vars?)?[\"']?\s*(?::[^=\n]*=|[:=])\s*(\([^)]*\)|[\"'][^\"']*[\"'])")
CONSTANT = re.compile(r"^([A-Za-z_]\w*)\s*(?::[^=\n]*)?=\s*[\"']([^\"']+)[\"']", re.MULTILINE)


class BadInput(Exception):
    """Input this script cannot use; the text says how to put it right."""


def normalise(identifier):
    return re.sub(r"[-. ]+", "_", identifier.lower())


def no_duplicates(pairs):
    result = {}
    for key, value in pairs:
        if key in result:
            raise BadInput(f"the key {key!r} occurs twice in one object: merge the two or remove one")
        result[key] = value
    return result


def read_json(path, remedy):
    try:
        value = json.loads(Path(path).read_text(encoding="utf-8"), object_pairs_hook=no_duplicates)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; {remedy}") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"{path}: not JSON ({error}); {remedy}") from None
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None
    if not isinstance(value, dict):
        raise BadInput(f"{path}: the top level is not an object; {remedy}")
    return value


def read_models_dev(path):
    dump = read_json(path, "give the file that `curl -o api.json https://models.dev/api.json` writes")
    if not dump:
        raise BadInput(f"{path}: it lists no provider; give models.dev's api.json")
    for identifier, entry in dump.items():
        names = entry.get("env") if isinstance(entry, dict) else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise BadInput(f"{path}: {identifier!r} has no list of names under \"env\"; give models.dev's api.json")
    return {identifier: entry["env"] for identifier, entry in dump.items()}


def models_dev_urls(path):
    """The base URLs in a dump of models.dev, by our ids' spelling."""
    dump = read_json(path, "give models.dev's api.json")
    return {normalise(id): entry["api"] for id, entry in dump.items() if isinstance(entry.get("api"), str)}


def read_words(path):
    """The first word of each line of a file of ours that isn't a remark."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; restore it from the repository") from None
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def read_undocumented(path):
    """What services don't have, by their ids, from lines of an id, the members' names, two blanks and the reason."""
    read_words(path)
    gaps = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        words, _, reason = line.partition("  ")
        id, *members = words.split()
        if not reason.strip() or not members or not set(members) <= {"baseURL", "authentication"}:
            raise BadInput(f"{path}: {line!r} is not an id, 'baseURL' or 'authentication' or both, two blanks, a reason")
        gaps[id] = members
    return gaps


def ours(urls, services):
    """Base URLs by the ids that services have here."""
    canonical = {alias: id for id, service in services.items() for alias in service.get("aliases", [])}
    return {id if id in services else canonical.get(id, id): url for id, url in urls.items()}


def endpoint_problems(catalogue, path):
    document = read_json(path, "name an existing endpoints.json with --endpoints")
    services = catalogue["services"]
    urls = read_json(MODELS_DEV_URLS, "restore it from the repository")
    stored = SimpleNamespace(
        hosts=read_words(HOSTS),
        litellm=read_words(LITELLM_HOSTS),
        models_dev=ours(urls["urls"], services),
        undocumented=read_undocumented(UNDOCUMENTED),
    )
    return catalogue_endpoints.check(document, Path(path).read_text(encoding="utf-8"), services, stored)


def name_lists(service):
    """The environment list and every field's list, each with a label for messages."""
    yield "env", service.get("env", [])
    fields = service.get("fields", {})
    for field, names in fields.items() if isinstance(fields, dict) else ():
        yield f"fields.{field}", names


def names_of(service):
    return {entry[0] for _, entries in name_lists(service) for entry in entries}


def check_shape(catalogue):
    """Problems of form. Nothing else is looked at while there are any."""
    sources, services = catalogue.get("sources"), catalogue.get("services")
    if catalogue.get("schema") != 1 or not isinstance(sources, dict) or not isinstance(services, dict):
        return ["the top level needs \"schema\": 1 and the objects \"sources\" and \"services\""]
    problems = []
    for id, service in services.items():
        if not isinstance(service, dict):
            problems.append(f"{id}: not an object")
            continue
        problems += [f"{id}: unknown member {member!r}" for member in service.keys() - MEMBERS]
        if not isinstance(service.get("keyRequired", True), bool):
            problems.append(f"{id}: keyRequired is not true or false")
        if not isinstance(service.get("note", ""), str):
            problems.append(f"{id}: note is not a string")
        for member in ("aliases", "separateFrom"):
            value = service.get(member, [])
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                problems.append(f"{id}: {member} is not a list of strings")
        credentials = service.get("credentials", [])
        known = service.get("fields", {})
        if not isinstance(credentials, list) or not all(isinstance(group, list) and group for group in credentials):
            problems.append(f"{id}: credentials is not a list of lists of fields")
        else:
            problems += [f"{id}: credentials names {f!r}, no field" for group in credentials for f in group if f not in known]
        if "env" not in service:
            problems.append(f"{id}: no env (an empty list says that no name is known)")
        fields = service.get("fields", {})
        if not isinstance(fields, dict):
            problems.append(f"{id}: fields is not an object")
        elif not service.get("env") and not fields:
            problems.append(f"{id}: neither a name nor a field")
        for label, entries in name_lists(service):
            if not isinstance(entries, list):
                problems.append(f"{id}.{label}: not a list")
                continue
            if label != "env" and not re.fullmatch(r"[a-z][a-z0-9_]*", label[7:]):
                problems.append(f"{id}.{label}: a field is named in snake_case")
            if label != "env" and not entries:
                problems.append(f"{id}.{label}: no names")
            for entry in entries:
                if not (isinstance(entry, list) and len(entry) in (2, 3) and all(isinstance(x, str) for x in entry)):
                    problems.append(f"{id}.{label}: {entry!r} is not [name, letters] or [name, letters, flag]")
                    continue
                name, letters, *flag = entry
                if not re.fullmatch(r"[A-Za-z0-9_]+", name):
                    problems.append(f"{id}.{label}: {name!r} is not a variable name")
                if FORBIDDEN.fullmatch(name):
                    problems.append(f"{id}.{label}: {name} must not be in the catalogue")
                if not letters or not set(letters) <= sources.keys() or len(set(letters)) != len(letters):
                    problems.append(f"{id}.{label}: {name} has the source letters {letters!r}; known: {''.join(sources)}")
                if flag and flag[0] not in FLAGS:
                    problems.append(f"{id}.{label}: {name} has the unknown flag {flag[0]!r}; known: {sorted(FLAGS)}")
            firsts = [entry[0] for entry in entries if isinstance(entry, list) and entry]
            problems += [f"{id}.{label}: {name} twice" for name in sorted({n for n in firsts if firsts.count(n) > 1})]
    return problems


def check_rules(catalogue, path):
    services, owner, problems = catalogue["services"], {}, []
    for id, service in services.items():
        separate = service.get("separateFrom", [])
        for alias in service.get("aliases", []):
            if alias in services:
                problems.append(f"{id}: the alias {alias} is an id of its own")
            if alias in separate:
                problems.append(f"{id}: the alias {alias} is a different account")
            if alias in owner:
                problems.append(f"{id}: the alias {alias} belongs to {owner[alias]} already")
            owner.setdefault(alias, id)
        for name in (id, *service.get("aliases", [])):
            if name != normalise(name) or not re.fullmatch(r"[a-z0-9_]+", name):
                problems.append(f"{id}: {name!r} is not normalised; write {normalise(name)!r}")
        for other in separate:
            if other == id or other not in services:
                problems.append(f"{id}: separateFrom names {other}, which is no other id")
            elif id not in services[other].get("separateFrom", []):
                problems.append(f"{id}: separateFrom names {other}, but not the other way round")
            elif service["env"] and services[other]["env"] and service["env"][0][0] == services[other]["env"][0][0]:
                problems.append(f"{id}: a different account from {other}, yet both try {service['env'][0][0]} first")
    problems += models_dev_drift(catalogue, read_models_dev(SNAPSHOT))
    text = Path(path).read_text(encoding="utf-8")
    if len(text.encode()) > SIZE_LIMIT:
        problems.append(f"the file has {len(text.encode())} bytes, more than {SIZE_LIMIT}")
    # One service a line, sorted within each section; an empty line separates sections.
    for section in text.partition('"services"')[2].split("\n\n"):
        ids = re.findall(r'^    "([^"]+)": \{.*\},?$', section, re.MULTILINE)
        problems += [f"{b}: stands after {a}; sort the section by id" for a, b in zip(ids, ids[1:]) if b < a]
        services = {id: service for id, service in services.items() if id not in ids}
    return problems + [f"{id}: does not stand on one line of its own" for id in services]


def models_dev_drift(catalogue, dump):
    services = catalogue["services"]
    canonical = {alias: id for id, service in services.items() for alias in service.get("aliases", [])}
    problems = []
    for identifier, names in sorted(dump.items()):
        id = normalise(identifier)
        service = services.get(id) or services.get(canonical.get(id))
        if service is None:
            problems.append(f"models.dev: no service {id} ({', '.join(names)})")
            continue
        missing = [name for name in names if name not in names_of(service)]
        if missing:
            problems.append(f"models.dev: {canonical.get(id, id)} lacks {', '.join(missing)}")
    return problems


def litellm_sources(path):
    """(path inside the package, text) of every Python and JSON file of LiteLLM."""
    remedy = "give the wheel that `pip download --no-deps litellm` writes, or the folder of a checkout"
    path = Path(path)
    if path.is_dir():
        root = next((r for r in (path / "litellm", path) if (r / "__init__.py").is_file() and (r / "llms").is_dir()), None)
        if root is None:
            raise BadInput(f"{path}: no LiteLLM package in this folder; {remedy}")
        for file in sorted(root.rglob("*")):
            if file.suffix in (".py", ".json") and file.is_file():
                yield file.relative_to(root).as_posix(), file.read_text(encoding="utf-8", errors="replace")
        return
    try:
        with zipfile.ZipFile(path) as wheel:
            for name in sorted(wheel.namelist()):
                if name.startswith("litellm/") and name.endswith((".py", ".json")):
                    yield name.removeprefix("litellm/"), wheel.read(name).decode("utf-8", errors="replace")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}; {remedy}") from None
    except zipfile.BadZipFile:
        raise BadInput(f"{path}: not a wheel; {remedy}") from None


def litellm_names(path):
    """Each secret's name that a provider reads, with the first file that reads it."""
    found = {}
    for file, text in litellm_sources(path):
        if file.startswith(NOT_PROVIDERS):
            continue
        declared = [name for group in DECLARED.findall(text) for name in re.findall(r"[\"']([^\"']+)[\"']", group)]
        if file.endswith(".json"):
            read = declared
        else:
            constants = dict(CONSTANT.findall(text))
            read = declared + [a or c or constants.get(b, "") for a, b, c in READ.findall(text)]
        for name in read:
            name = name.removeprefix("os.environ/")
            if SECRET.fullmatch(name):
                found.setdefault(name, file)
    if not found:
        raise BadInput(f"{path}: no file in it reads a key; is this LiteLLM's source, not a stub?")
    return found


def litellm_drift(catalogue, path):
    try:
        ignored = re.findall(r"^[A-Z0-9_]+", IGNORED.read_text(encoding="utf-8"), re.MULTILINE)
    except OSError as error:
        raise BadInput(f"{IGNORED}: {error.strerror}; restore it from the repository") from None
    known = set(ignored).union(*map(names_of, catalogue["services"].values()))
    names = litellm_names(path)
    return [f"LiteLLM: {name} is not known (read in {file})" for name, file in sorted(names.items()) if name not in known]


HOSTS_HEAD = "# Written by catalogue-drift.py --litellm WHEEL --write-hosts; the version is in endpoints.json.\n"


def endpoints_of(path):
    return read_json(path, "name an existing endpoints.json with --endpoints")["endpoints"]


def main():
    summary, _, rest = __doc__.partition("\n")
    parser = argparse.ArgumentParser(description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="check the catalogue's own rules")
    parser.add_argument("--models-dev", metavar="api.json", help="compare with a dump of models.dev")
    parser.add_argument("--litellm", metavar="PATH", help="compare with a LiteLLM wheel or source folder")
    parser.add_argument("--catalogue", metavar="FILE", default=CATALOGUE, help="another services.json (default: this package's)")
    parser.add_argument("--endpoints", metavar="FILE", default=ENDPOINTS, help="another endpoints.json (default: this package's)")
    parser.add_argument("--write-hosts", action="store_true", help="with --litellm: store the hosts its source names")
    options = parser.parse_args()
    if not (options.check or options.models_dev or options.litellm):
        parser.error("say what to do: --check, --models-dev api.json or --litellm PATH")
    try:
        catalogue = read_json(options.catalogue, "name an existing services.json with --catalogue")
        problems = check_shape(catalogue)
        well_formed = not problems
        if options.check and well_formed:
            problems += check_rules(catalogue, options.catalogue)
            problems += endpoint_problems(catalogue, options.endpoints)
        if options.models_dev and well_formed:
            problems += models_dev_drift(catalogue, read_models_dev(options.models_dev))
            urls = ours(models_dev_urls(options.models_dev), catalogue["services"])
            problems += catalogue_endpoints.models_dev_drift(endpoints_of(options.endpoints), urls)
        if options.litellm and well_formed:
            problems += litellm_drift(catalogue, options.litellm)
            hosts = catalogue_endpoints.litellm_hosts(text for _, text in litellm_sources(options.litellm))
            if options.write_hosts:
                LITELLM_HOSTS.write_text(HOSTS_HEAD + "".join(f"{host}\n" for host in sorted(hosts)), encoding="utf-8")
            problems += catalogue_endpoints.litellm_drift(endpoints_of(options.endpoints), hosts)
    except BadInput as error:
        print(f"catalogue-drift: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    if not problems:
        services = catalogue["services"].values()
        print(
            f"no drift: {len(services)} services, {sum(len(s.get('aliases', [])) for s in services)} aliases, "
            f"{len(set().union(*map(names_of, services)))} names"
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
