#!/usr/bin/env bash
# Gives tests the real LiteLLM proxy. Nothing leaves the machine except that the first use asks PyPI for it.
#
#   Tests/Support/litellm.sh binary              prints the path of a Python that has litellm[proxy]; installs it under
#                                                .build when it is not there
set -euo pipefail
# The newest whose extra 'proxy' installs: those after it pin releases of litellm-proxy-extras and litellm-enterprise
# that PyPI does not have.
version=1.108.7
root=$(cd "$(dirname "$0")/../.." && pwd)

usage() { sed -n 's/^# \{0,1\}//; 4,5p' "$0" >&2; exit 64; }

find_python() { # venv
    if [ -x "$1/bin/python" ] && [ "$(cat "$1/version" 2>/dev/null)" = "$version" ]; then
        printf '%s\n' "$1/bin/python"
    else
        return 1
    fi
}

binary() {
    local venv="$root/.build/litellm-venv"
    # The version is in a file, so that raising it above replaces what is installed.
    if find_python "$venv"; then return; fi
    # Installed elsewhere and renamed: whoever comes second while we install finds nothing or everything.
    mkdir -p "$root/.build"
    work=$(mktemp -d "$root/.build/litellm-venv.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    python3 -m venv "$work/venv" >&2
    # Python compiles what the proxy imports as it does: a small part of what there is.
    "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
        "litellm[proxy]==$version" >&2
    echo "$version" >"$work/venv/version"
    if ! find_python "$venv" >/dev/null; then
        if [ -e "$venv" ]; then mv "$venv" "$work/old"; fi
        # Fails, or lands inside the other's folder, when another process was faster: theirs is as good.
        mv "$work/venv" "$venv" 2>/dev/null || true
        rm -rf "$venv/venv"
    fi
    find_python "$venv"
}

case "${1:-}" in
    binary) [ $# -eq 1 ] || usage; binary ;;
    *) usage ;;
esac
