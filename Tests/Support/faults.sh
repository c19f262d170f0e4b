#!/usr/bin/env bash
# Measures KeyHooks under faults and load, for long, and prints tables in markdown.
#
#   Tests/Support/faults.sh wire        every fault on the wire, with and without an old value              5 minutes
#   Tests/Support/faults.sh outage      kill, SIGSTOP, seal, AppRole, tokens, secrets that hang             20 minutes
#   Tests/Support/faults.sh cluster [TEXT]   leader killed, stopped, cut off, in every order of addresses   20 minutes
#   Tests/Support/faults.sh load        1,000 hot and 10,000 cold secrets, memory, processor time           5 minutes
#   Tests/Support/faults.sh fleet       200 processes; the tool with dead addresses                         8 minutes
#   Tests/Support/faults.sh peers       the outage with hvac and cachetools                                 2 minutes
#   Tests/Support/faults.sh all
#
# Real servers on loopback; they end with the script. KEYHOOKS_LOAD_PROGRAM and KEYHOOKS_TOOL name built programs to measure
# in place of this checkout's, as those of an older commit; KEYHOOKS_FAULTS_VERBOSE=1 shows the first failures of each row.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ $# -lt 1 ] || [ $# -gt 2 ]; then sed -n 's/^# \{0,1\}//; 2,13p' "$0" >&2; exit 64; fi

scratch="$root/.build-faults"
build() { # product
    (cd "$root" && swift build -c release --traits CLI --product "$1" --scratch-path "$scratch") >&2
}
if [ -z "${KEYHOOKS_LOAD_PROGRAM:-}" ]; then
    build LoadProgram
    export KEYHOOKS_LOAD_PROGRAM="$scratch/release/LoadProgram"
fi
python=python3
case "$1" in
    fleet | tool | all)
        if [ -z "${KEYHOOKS_TOOL:-}" ]; then
            build keyhooks
            export KEYHOOKS_TOOL="$scratch/release/keyhooks"
        fi
        ;;
esac
case "$1" in
    peers | all)
        venv="$root/.build/faults-venv"
        if ! "$venv/bin/python" -c 'import hvac, cachetools' 2>/dev/null; then
            python3 -m venv "$venv"
            "$venv/bin/pip" install --quiet --disable-pip-version-check 'hvac==2.4.0' 'cachetools==8.0.0' >&2
        fi
        python="$venv/bin/python"
        ;;
esac
"$root/Tests/Support/openbao.sh" binary >/dev/null
ulimit -n "$(ulimit -Hn)"
exec "$python" -B "$root/Tests/Support/faults" "$@"
