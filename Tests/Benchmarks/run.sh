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
tool=$("$root/Tests/Support/static-tool.sh")

venv="$root/.build/benchmark-venv"
if ! "$venv/bin/python" -c 'import pluggy, dotenv, hvac, cachetools' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check \
        'pluggy==1.6.0' 'python-dotenv==1.2.2' 'hvac==2.4.0' 'cachetools==8.0.0'
fi

work=$(mktemp -d)
bao=$("$root/Tests/Support/openbao.sh" binary)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export BENCHMARK_BAO_ADDR="http://127.0.0.1:$port" BENCHMARK_BAO_TOKEN=benchmark
"$bao" server -dev -dev-no-store-token -dev-root-token-id=benchmark -dev-listen-address="127.0.0.1:$port" \
    >"$work/server.log" 2>&1 &
server=$!
# The proxy ends when its standard input does.
mkfifo "$work/input"
python3 "$root/Tests/Support/litellm-proxy.py" <"$work/input" >"$work/proxy.json" 2>"$work/proxy.log" &
exec 9>"$work/input"
# So do these two.
aws_python=$("$root/Tests/Support/aws.sh" python)
mkfifo "$work/moto" "$work/ready"
"$root/Tests/Support/aws.sh" run aws-moto.py <"$work/moto" >"$work/moto.json" 2>"$work/moto.log" &
exec 8>"$work/moto"
"$aws_python" aws.py serve <"$work/ready" >"$work/ready.url" &
exec 7>"$work/ready"
trap 'kill "$server" 2>/dev/null; exec 9>&- 8>&- 7>&-; rm -rf "$work"' EXIT
put() {
    BAO_ADDR=$BENCHMARK_BAO_ADDR BAO_TOKEN=benchmark "$bao" kv put secret/litellm/providers \
        OPENAI_API_KEY=sk-benchmark GROQ_API_KEY=gsk-benchmark >/dev/null 2>&1
}
for _ in $(seq 100); do put && break; sleep 0.1; done
put || { echo "error: OpenBao did not start:" >&2; cat "$work/server.log" >&2; exit 1; }
for _ in $(seq 300); do [ -s "$work/proxy.json" ] && break; sleep 0.2; done
[ -s "$work/proxy.json" ] || { echo "error: LiteLLM did not start:" >&2; cat "$work/proxy.log" >&2; exit 1; }
member() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$work/proxy.json" "$1"; }
BENCHMARK_LITELLM_URL=$(member url) BENCHMARK_LITELLM_KEY=$(member masterKey)
export BENCHMARK_LITELLM_URL BENCHMARK_LITELLM_KEY
for _ in $(seq 300); do [ -s "$work/moto.json" ] && [ -s "$work/ready.url" ] && break; sleep 0.2; done
[ -s "$work/moto.json" ] || { echo "error: moto_server did not start:" >&2; cat "$work/moto.log" >&2; exit 1; }
read -r BENCHMARK_AWS_MOTO BENCHMARK_AWS_ID BENCHMARK_AWS_SECRET < <(
    python3 -c 'import json, sys; m = json.load(open(sys.argv[1])); print(m["url"], *m["users"]["reader"])' "$work/moto.json"
)
BENCHMARK_AWS_READY=$(cat "$work/ready.url")
export BENCHMARK_AWS_MOTO BENCHMARK_AWS_ID BENCHMARK_AWS_SECRET BENCHMARK_AWS_READY
"$scratch/release/Benchmarks" "${quick[@]}" | tee "$work/ours.tsv"
"$venv/bin/python" peers.py "${quick[@]}" | tee "$work/peers.tsv"
"$aws_python" aws.py "${quick[@]}" | tee -a "$work/peers.tsv"
"$venv/bin/python" tool.py "$tool" "${quick[@]}" | tee "$work/tool.tsv"
if [ ${#quick[@]} -eq 0 ]; then
    "$venv/bin/python" report.py "$work/ours.tsv" "$work/peers.tsv" "$work/tool.tsv" >RESULTS.md
    echo "wrote Tests/Benchmarks/RESULTS.md"
fi
