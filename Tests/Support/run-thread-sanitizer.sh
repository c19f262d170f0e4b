#!/usr/bin/env bash
# Runs the tests of the engine, the cache, the transport, the plugin host, and of what is concurrent in the OpenBao
# plugin under the thread sanitizer; any report fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=.build-tsan
export KEYHOOKS_TESTS=ExtensionHooksTests,KeyHooksTests,HTTPTransportTests,OpenBaoTests,PluginHostTests
# One after the other: together they would keep each other from the processor until deadlines pass. What follows a
# filter are more options of the runner; the sanitizer's own threads would count as left behind by plugins.
groups=('ExtensionHooksTests' 'TTLCache' 'KeyHooksTests.Lease(Keeping|Failure|Hostility|Journal)Tests' 'HTTPTransportTests' 'OpenBaoTests.(Load|Login|Freshness|Outage|RefusedToken)Tests' 'PluginHostTests --no-parallel --skip HygieneTests|BrokenPluginTests')

if [ "$(uname)" != Linux ]; then
    for group in "${groups[@]}"; do
        Tests/Support/brief.sh swift test --sanitize=thread --scratch-path "$scratch" --filter $group
    done
    exit
fi

swift build --build-tests --sanitize=thread --scratch-path "$scratch"
toolchain=$(dirname "$(readlink -f "$(command -v swift)")")
clang=$toolchain/clang
[ -x "$clang" ] || clang=$(command -v clang)
"$clang" -O1 -shared -fPIC -o "$scratch/thread-sanitizer-mutex.so" Tests/Support/thread-sanitizer-mutex.c -ldl
runner=$(find "$scratch/debug/" -maxdepth 1 -name '*PackageTests.xctest' | head -n 1)
for group in "${groups[@]}"; do
    Tests/Support/brief.sh env LD_PRELOAD="$PWD/$scratch/thread-sanitizer-mutex.so" TSAN_OPTIONS="exitcode=66" \
        "$runner" --testing-library swift-testing --filter $group
done
