#!/usr/bin/env bash
# Proves that the tool can be installed by pip from a local file: packed, installed without a network, run, taken away.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
[ "$(uname)" = Linux ] || { echo "wheels are made for Linux only: nothing to prove here"; exit 0; }
fail() { echo "error: $*" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tool=$("$root/Tests/Support/static-tool.sh")
make="$root/Sources/CommandLineTool/Packaging/make-wheel.py"
wheel=$(python3 "$make" "$tool" "$work")
mkdir "$work/again"
cmp "$wheel" "$(python3 "$make" "$tool" "$work/again")" || fail "the same program gives another wheel"
if python3 "$make" /bin/true "$work" 2>/dev/null; then fail "a wheel was made of another program"; fi

python3 -m venv "$work/venv"
pip=("$work/venv/bin/python" -m pip --quiet --disable-pip-version-check)
"${pip[@]}" install --no-index "$wheel"
[ "$("$work/venv/bin/keyhooks" --version)" = "$("$tool" --version)" ] || fail "what pip installed is not the tool"
key=$(cd "$work" && env -i HOME="$work" OPENAI_API_KEY=sk-wheel-0123456789 "$work/venv/bin/keyhooks" get openai)
[ "$key" = sk-wheel-0123456789 ] || fail "the tool of the wheel finds no key"
"${pip[@]}" uninstall --yes keyhooks
[ ! -e "$work/venv/bin/keyhooks" ] || fail "pip uninstall left the tool"
echo "$(basename "$wheel") has $(stat -c %s "$wheel") bytes: pip installs it, and takes it away again"
