#!/usr/bin/env bash
# Builds tiny packages that depend on this one and proves what a consumer gets: nothing is resolved; with only
# ExtensionHooks no Foundation is linked; and on Linux with none of the products more of it than FoundationEssentials,
# nor libcurl, which is loaded when the first request is sent.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The consumer's own folder name must not be the dependency's identity.
ln -s "$root" "$work/keyhooks"

make_consumer() { # name, product, source
    mkdir -p "$work/$1/Sources/$1"
    cat >"$work/$1/Package.swift" <<EOF
// swift-tools-version: 6.2
import PackageDescription
let package = Package(
    name: "$1",
    platforms: [.macOS(.v15)],
    dependencies: [.package(path: "../keyhooks")],
    targets: [.executableTarget(name: "$1", dependencies: [.product(name: "$2", package: "keyhooks")])]
)
EOF
    printf '%s\n' "$3" >"$work/$1/Sources/$1/main.swift"
}

make_consumer EngineConsumer ExtensionHooks '
import ExtensionHooks
extension HookPoint where Arguments == Int, Output == Int {
    static var double: Self { HookPoint("double") }
}
let registry = HookRegistry()
let double = Extensible(.double, in: registry) { $0 * 2 }
try registry.register { hooks in hooks.onStart(.double, id: "consumer") { call in call.arguments += 1 } }
print(try await double(20))
'
make_consumer KeyConsumer KeyHooks '
import KeyHooks
let resolver = try KeyResolver(environment: ["OPENAI_API_KEY": "sk-consumer"])
print(try await resolver.getAPIKey(service: "openai")?.value ?? "nothing")
'
make_consumer VaultConsumer OpenBao '
import HTTPTransport
import OpenBao
print(OpenBaoPlugin.id)
do {
    let request = HTTPTransportRequest(method: "GET", url: "http://127.0.0.1:1/")
    _ = try await HTTPTransportSettings().transport().send(request, timeout: .seconds(5), limit: 1)
} catch {
    print((error as? HTTPTransportError)?.code.description ?? "another error")
}
'
make_consumer TestingConsumer KeyHooksTesting '
import KeyHooks
import KeyHooksTesting
let resolver = try KeyResolver.fake(["openai": APIKey.fake("openai").value])
print(try await resolver.getAPIKey(service: "openai")?.value ?? "nothing")
'
make_consumer HostConsumer PluginHost '
import PluginHost
print(DropInPlugins.self)
'

expect() { # name, expected output
    local consumer="$work/$1" output
    (cd "$consumer" && swift build -c release --quiet)
    output=$(cd "$consumer" && swift run -c release --skip-build --quiet "$1" 2>/dev/null)
    [ "$output" = "$2" ] || { echo "error: $1 printed '$output', not '$2'" >&2; exit 1; }
    if [ -e "$consumer/Package.resolved" ] && grep -q '"identity"' "$consumer/Package.resolved"; then
        echo "error: $1 resolved packages:" >&2
        cat "$consumer/Package.resolved" >&2
        exit 1
    fi
    if [ -n "$(ls -A "$consumer/.build/checkouts" 2>/dev/null)" ]; then
        echo "error: $1 checked packages out: $(ls "$consumer/.build/checkouts")" >&2
        exit 1
    fi
}

expect EngineConsumer 42
expect KeyConsumer sk-consumer
expect VaultConsumer "openbao
cannot-connect"
expect HostConsumer DropInPlugins
expect TestingConsumer fake-placeholder-openai

linked() { # name
    if command -v ldd >/dev/null; then ldd "$work/$1/.build/release/$1"; else otool -L "$work/$1/.build/release/$1"; fi
}

case "$(linked EngineConsumer)" in
    *Foundation*) echo "error: ExtensionHooks links Foundation:" >&2; linked EngineConsumer >&2; exit 1 ;;
esac
if [ "$(uname)" = Linux ]; then
    for consumer in EngineConsumer KeyConsumer VaultConsumer HostConsumer TestingConsumer; do
        # With all that the libraries need in their turn.
        case "$(linked "$consumer")" in
            *libFoundation.so* | *FoundationInternationalization* | *FoundationNetworking* | *libcurl*)
                echo "error: $consumer links more of Foundation than FoundationEssentials, or libcurl:" >&2
                linked "$consumer" >&2
                exit 1 ;;
        esac
    done
    if found=$(grep -rln 'import FoundationNetworking' "$root/Sources" "$root/Plugins"); then
        echo "error: FoundationNetworking is imported by $found" >&2
        exit 1
    fi
fi
echo "consumers resolve nothing, none links all of Foundation or libcurl, and ExtensionHooks alone no Foundation"
