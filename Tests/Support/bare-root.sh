#!/usr/bin/env bash
# Proves that the tool is one file: it is built without libcurl's headers, wants few libraries, and runs in a root that
# has those and nothing else. There `get` finds a key in .env, and says what is missing for OpenBao; once libcurl is
# there, it reads one from a real server.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
[ "$(uname)" = Linux ] || { echo "only Linux has a static Swift library: nothing to prove here"; exit 0; }

fail() { echo "error: $*" >&2; exit 1; }
article="$root/Sources/KeyHooks/Documentation.docc/Installing-the-tool.md"
tool=$("$root/Tests/Support/static-tool.sh")

headers=$(find "$root/.build-static/" -path '*CCurl.build*' -name '*.d' -exec cat {} +)
case "$headers" in
    *CCurl.h*) ;;
    *) fail "the compiler left no list of the headers of CCurl" ;;
esac
case "$headers" in *curl/curl.h* | *curl/easy.h*) fail "CCurl is built with libcurl's headers" ;; esac

size=$(stat -c %s "$tool")
[ "$size" -le 25000000 ] || fail "the tool has $size bytes, more than 25 MB"

# With what those libraries need in their turn.
needed=$(ldd "$tool" | sed -n 's/^[[:space:]]*\([^ ]*\).*/\1/p' | sed 's|.*/||' | sort | tr '\n' ' ')
for library in $needed; do
    case "$library" in
        linux-vdso.so.1 | libc.so.6 | libm.so.6 | libstdc++.so.6 | libgcc_s.so.1 | ld-linux-*.so.*) ;;
        *) fail "the tool needs $library" ;;
    esac
done

work=$(mktemp -d)
bare="$work/root"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT

# Puts a file and the libraries that it needs at their places below the bare root.
copy() { # file, place below the root
    local path
    mkdir -p "$bare/$(dirname "$2")"
    cp -L "$1" "$bare/$2"
    ldd "$1" | grep -o '/[^ ]*' | while read -r path; do
        mkdir -p "$bare/$(dirname "$path")"
        cp -L "$path" "$bare/$path"
    done
}

# Runs the tool in the bare root, without variables but those given. Swift reads the arguments from /proc, which is the
# only thing mounted there.
inside() { # variables and arguments of env
    local script='mount --rbind /proc "$0/proc" && exec chroot "$0" /keyhooks "$@"' options=(--mount)
    [ "$(id -u)" = 0 ] || options+=(--user --map-root-user)
    local variables=()
    while [ "$1" != -- ]; do variables+=("$1"); shift; done
    shift
    env -i PATH="$PATH" "${variables[@]}" unshare "${options[@]}" sh -c "$script" "$bare" "$@"
}

mkdir -p "$bare/proc"
copy "$tool" keyhooks
unshare --mount true 2>/dev/null || unshare --user --map-root-user --mount true 2>/dev/null ||
    fail "unshare(1) may not make a mount namespace here: run this as root, or allow user namespaces"
[ -z "$(find "$bare" -name '*swift*' -o -name '*Foundation*')" ] || fail "the bare root has Swift in it"

echo 'OPENAI_API_KEY=sk-bare-root-0123456789' >"$bare/.env"
chmod 600 "$bare/.env"
key=$(inside -- get openai) || fail "'keyhooks get openai' failed in the bare root"
[ "$key" = sk-bare-root-0123456789 ] || fail "'keyhooks get openai' printed ${#key} other characters in the bare root"

bao=$("$root/Tests/Support/openbao.sh" binary)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
token=bare-root-token
"$bao" server -dev -dev-no-store-token -dev-root-token-id="$token" -dev-listen-address="127.0.0.1:$port" \
    >"$work/server.log" 2>&1 &
server=$!
put() {
    BAO_ADDR="http://127.0.0.1:$port" BAO_TOKEN="$token" "$bao" kv put secret/litellm/providers \
        GROQ_API_KEY=gsk-from-openbao-0123456789 >/dev/null 2>&1
}
for _ in $(seq 100); do put && break; sleep 0.1; done
put || { cat "$work/server.log" >&2; fail "OpenBao did not start"; }
cat >"$bare/keyhooks.json" <<JSON
{ "plugins": { "openbao": { "address": "http://127.0.0.1:$port", "path": "litellm/providers" } } }
JSON

groq() { inside BAO_TOKEN="$token" -- get groq --config /keyhooks.json; }
status=0
groq >"$work/out" 2>"$work/errors" || status=$?
[ "$status" = 78 ] && grep -q libcurl4 "$work/errors" && [ ! -s "$work/out" ] ||
    { cat "$work/errors" >&2; fail "without libcurl the tool ended with $status, and not with 78 and what to install"; }

curl=$(ldconfig -p 2>/dev/null | sed -n 's/.*libcurl\.so\.4 .*=> //p' | head -1)
[ -n "$curl" ] || curl=$(find /lib /usr/lib -name libcurl.so.4 2>/dev/null | head -1)
[ -n "$curl" ] || fail "libcurl.so.4 is not installed here; install libcurl4 and try again"
copy "$curl" "$curl"
for file in /etc/ssl/certs/ca-certificates.crt; do
    [ ! -e "$file" ] || { mkdir -p "$bare/$(dirname "$file")"; cp -L "$file" "$bare/$file"; }
done
key=$(groq) || fail "the key of OpenBao is not found in the bare root, though libcurl is there"
[ "$key" = gsk-from-openbao-0123456789 ] || fail "OpenBao's key has ${#key} other characters in the bare root"

# The Dockerfile: what is copied is what was built, and each library comes with the image or a package that is installed.
docker=$(sed -n '/^```dockerfile$/,/^```$/p' "$article")
grep -q '^COPY --from=build /src/\.build/release/keyhooks ' <<<"$docker" || fail "the Dockerfile copies another file"
if command -v dpkg-query >/dev/null; then
    for library in $(ldd "$tool" | grep -o '/[^ ]*') "$curl"; do
        # Debian may know it by its place before or after /lib became a link.
        package=$({ dpkg-query -S "$library" || dpkg-query -S "/usr$library" || dpkg-query -S "${library#/usr}"; } \
            2>/dev/null | head -1 | cut -d: -f1)
        case "$package" in
            libc6 | libgcc-s1) ;;
            *) grep -qw -- "${package:-nothing}" <<<"$docker" || fail "the Dockerfile does not install $package for $library" ;;
        esac
    done
fi
echo "the tool is one file of $size bytes that needs $needed: it runs in a bare root, and asks OpenBao once libcurl is there"
