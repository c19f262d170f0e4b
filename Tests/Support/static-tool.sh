#!/usr/bin/env bash
# Builds the tool as one file, by the very line of the Dockerfile in the article "Installing the tool", and prints its
# path. Takes about three minutes of processor time the first time.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
article="$root/Sources/KeyHooks/Documentation.docc/Installing-the-tool.md"
scratch="$root/.build-static"

line=$(sed -n '/^```dockerfile$/,/^```$/s/^RUN \(swift build .*\)$/\1/p' "$article")
if [ -z "$line" ] || [ "$(wc -l <<<"$line")" != 1 ]; then
    echo "error: $article has not one line 'RUN swift build …' in its Dockerfile" >&2
    exit 1
fi
read -ra command <<<"$line"
cd "$root"
"${command[@]}" --scratch-path "$scratch" >&2
echo "$scratch/release/keyhooks"
