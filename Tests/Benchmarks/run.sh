#!/usr/bin/env bash
# Measures the package and its peers in one run and writes RESULTS.md; with --quick it only proves that all of it runs.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
quick=()
case "${1:-}" in
    "") ;;
    --quick) quick=(--quick) ;;
    *) echo "usage: Tests/Benchmarks/run.sh [--quick]" >&2; exit 64 ;;
esac

scratch="$root/.build-benchmarks"
# The build plan of a package in a folder below its dependency is not always renewed when files come or go.
swift build -c release --scratch-path "$scratch" --disable-build-manifest-caching

venv="$root/.build/benchmark-venv"
if ! "$venv/bin/python" -c 'import pluggy, dotenv' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'pluggy==1.6.0' 'python-dotenv==1.2.2'
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$scratch/release/Benchmarks" "${quick[@]}" | tee "$work/ours.tsv"
"$venv/bin/python" peers.py "${quick[@]}" | tee "$work/peers.tsv"
if [ ${#quick[@]} -eq 0 ]; then
    "$venv/bin/python" report.py "$work/ours.tsv" "$work/peers.tsv" >RESULTS.md
    echo "wrote Tests/Benchmarks/RESULTS.md"
fi
