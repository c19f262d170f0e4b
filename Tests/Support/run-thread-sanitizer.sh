#!/usr/bin/env bash
# Runs the tests of the engine, the cache, the plugin host and the OpenBao plugin under the thread sanitizer; any
# report fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=.build-tsan
tests='ExtensionHooksTests|TTLCache|OpenBaoTests'
# One after the other: with many children at once the sanitizer slows them beyond their deadlines.
serial=PluginHostTests

if [ "$(uname)" != Linux ]; then
    swift test --sanitize=thread --scratch-path "$scratch" --filter "$tests"
    exec swift test --sanitize=thread --scratch-path "$scratch" --no-parallel --filter "$serial"
fi

swift build --build-tests --sanitize=thread --scratch-path "$scratch"
toolchain=$(dirname "$(readlink -f "$(command -v swift)")")
clang=$toolchain/clang
[ -x "$clang" ] || clang=$(command -v clang)
"$clang" -O1 -shared -fPIC -o "$scratch/thread-sanitizer-mutex.so" Tests/Support/thread-sanitizer-mutex.c -ldl
runner=$(find "$scratch/debug/" -maxdepth 1 -name '*PackageTests.xctest' | head -n 1)
LD_PRELOAD="$PWD/$scratch/thread-sanitizer-mutex.so" TSAN_OPTIONS="exitcode=66" \
    "$runner" --testing-library swift-testing --filter "$tests"
LD_PRELOAD="$PWD/$scratch/thread-sanitizer-mutex.so" TSAN_OPTIONS="exitcode=66" \
    "$runner" --testing-library swift-testing --no-parallel --filter "$serial"
