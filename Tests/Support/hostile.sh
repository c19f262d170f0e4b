#!/usr/bin/env bash
# Shows what hostile folders, plugins and files can do to a built tool: the findings of a hostile review by their numbers,
# and then what was attacked without success, which must stay so. One line each: the number, the title and "holds",
# "BROKEN: what happened" or "skipped: why". Exits 1 if anything is broken.
#
#   Tests/Support/hostile.sh TOOL              all, in some minutes
#   Tests/Support/hostile.sh TOOL 4 9 names    some
#
# It works in temporary folders with a home of its own and made-up keys, and listens on loopback only. As root it can show
# more: another user's files, and what folders without permissions do to somebody who is not root.
set -uo pipefail
[ $# -ge 1 ] && [ -x "$1" ] || { sed -n 's/^# \{0,1\}//; 2,9p' "$0" >&2; exit 64; }
tool=$(realpath "$1"); shift
wanted=" $* "
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d); chmod 755 "$work"
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
key=canary-strong weak=canary-weak
# What follows runs the tool as somebody who is not root, if set.
other=()
failed=0

# --- What reproductions are made of -----------------------------------------------------------------------------------

broken() { printf '%s; ' "$*"; }
skip() { printf '%s' "$*"; exit 77; }
has() { grep -qaF -e "$1" "${@:2}"; }

check() { # number, title, function: what the function prints is what is broken
    [ "$wanted" = "  " ] || [[ $wanted == *" $1 "* ]] || return 0
    local said status
    box=$(mktemp -d "$work/XXXXXX"); chmod 755 "$box"
    home=$box/home own=$home/.config/keyhooks/plugins
    mkdir -p "$own" "$box/repo"
    said=$(cd "$box/repo" && "$3" 2>"$box/trouble"); status=$?
    if [ $status = 77 ]; then said="skipped: $said"
    elif [ -n "$said" ]; then said="BROKEN: ${said%; }"; failed=1
    else said=holds; fi
    printf '%-9s %-58s %s\n' "$1" "$2" "$said"
    chmod -R u+rwx "$box" 2>/dev/null; rm -rf "$box"
}

K() { # [NAME=VALUE …] ARGUMENTS: runs the tool with that environment and nothing else
    local variables=()
    while [[ ${1-} == *=* ]]; do variables+=("$1"); shift; done
    "${other[@]}" env -i HOME="$home" PATH=/usr/bin:/bin LANG=C.UTF-8 "${variables[@]}" \
        timeout -k 2 "${patience:-30}" "$tool" "$@" </dev/null >"$box/out" 2>"$box/err"
    status=$?
}
get() { K "OPENAI_API_KEY=$weak" "$@" get openai; }
# What a person does who looked at it. A tool without trust of configurations has no such command.
trust() { K trust; local id; for id; do K plugins trust "$id"; done; }
weaker() { has "$weak" "$box/out" && broken "$* gives the weaker key, status $status"; }
refused() { [ "$status" = 78 ] || broken "$*: status $status in place of 78"; }
# Before anything happens: a reproduction that cannot work shows nothing.
first() { [ "$status" = "$1" ] || broken "status $status in place of $1 before anything happened"; }

plugin() { # folder, id, what it does as a shell script that has $id; further members of the manifest
    mkdir -p "$1"
    printf '{"id":"%s","version":"1","api":1,"mode":"oneshot","entry":"./run",%s"hooks":[{"point":"getAPIKey","phase":"start"}]}' \
        "$2" "${4-}" >"$1/plugin.json"
    printf '#!/bin/sh\nread -r line\nrest=${line#*\\"id\\":\\"}; id=${rest%%%%\\"*}\n%s\n' "$3" >"$1/run"
    chmod 755 "$1" "$1/run"; chmod 644 "$1/plugin.json"
}
answer() { printf 'printf '\''{"type":"response","id":"%%s",%s}\\n'\'' "$id"' "$1"; }
gives() { answer "\"ok\":{\"verdict\":\"finish\",\"result\":{\"key\":\"$1\"}}"; }
denies() { answer '"error":{"kind":"permission-denied","message":"not for you"}'; }

as_other() { # for what permissions do: root needs none
    [ "$(id -u)" = 0 ] || return 0
    chown -R 65534:65534 "$box"
    other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    "${other[@]}" test -x "$tool" || skip "another user cannot reach $tool"
}

listen() { # name, [status and location, where SELF is the server]: a server that notes each request; sets port
    python3 - "$box/$1" "${@:2}" >/dev/null 2>&1 <<'PY' &
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        with open(sys.argv[1] + ".log", "a") as log:
            log.write(f"{self.command} {self.path}\n{self.headers}{body}\n")
        self.send_response(int(sys.argv[2]) if len(sys.argv) > 2 else 404)
        if len(sys.argv) > 3: self.send_header("Location", sys.argv[3].replace("SELF", "127.0.0.1:%d" % server.server_port))
        self.send_header("Content-Length", "0")
        self.end_headers()
    do_GET = do_PUT = do_POST = do_LIST = do_CONNECT = serve
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".new", "w") as port: port.write(str(server.server_port))
os.rename(sys.argv[1] + ".new", sys.argv[1] + ".port")
server.serve_forever()
PY
    servers+=($!)
    trap 'kill "${servers[@]}" 2>/dev/null' EXIT
    until [ -e "$box/$1.port" ]; do kill -0 "${servers[-1]}" 2>/dev/null || skip "no server"; sleep 0.05; done
    port=$(cat "$box/$1.port"); : >"$box/$1.log"; chmod 666 "$box/$1.log"
}
servers=()

# --- All of them ------------------------------------------------------------------------------------------------------

. "$root/Tests/Support/hostile/findings.sh"
. "$root/Tests/Support/hostile/withstood.sh"

check 1 "a found keyhooks.json runs no command" found_command
check 2 "a found keyhooks.json sends no credential anywhere" token_to_address
check 3 "files of others, or open to others, are not believed" foreign_files
check 4 "what denies cannot vanish" vanishing
check 5 "a folder of the user's own stays so" own_named_again
check 6 "a broken own plugin that is shadowed counts" shadowed_broken
check 7 "no error quotes an answer" quoted_answers
check 8 "standard error shows no key before the answer" errors_before_answer
check 9 "what runs is what was trusted" swapped
check 10 "'plugins check ID' runs the installed plugin" check_by_id
check 11 "names that look the same are different files" twins
check 12 "no token of something else is a service's key" generic_names
check 14 "an answer of many lines takes no long time" many_lines
check 15 "a large configuration takes no long time" large_configuration
check 16 "control characters of a configuration stay there" terminal
check 17 "no proxy gets the token for loopback" proxy
check 18 "want of descriptors never falls through" exhausted
check 20 "errors about a .env are bounded" long_errors
check 21 "no process survives, and TERM is obeyed" killed
check 24 "notes: dangling file, HOME, redirects, folders, core" notes
check recursion "a plugin that calls the tool is asked once" recursion
check files "odd files in place of .env and keyhooks.json" odd_files
check dotenv "a hostile .env gives values and nothing more" hostile_env
check names "names that must be refused" names
check children "a plugin's environment" child_environment
check store "a damaged file of decisions" damaged_store
check redirects "redirects to another server" foreign_redirects
check wild "plugins that flood, hang, crash and lie" wild_plugins
check signals "a plugin ends with the tool" signals
check output "closed and full standard output" full_output
exit $failed
