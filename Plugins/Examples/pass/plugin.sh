#!/bin/sh
# One request on standard input, one answer on standard output. See README.md.
set -u
[ "${KEYHOOKS_PLUGIN:-}" = 1 ] || { echo "This is a plugin of KeyHooks; see README.md beside it." >&2; exit 64; }
read -r request || [ -n "$request" ] || exit 1

# The host writes no spaces, and puts these before all that it takes from elsewhere.
rest=${request#*\"id\":\"} && id=${rest%%\"*}
rest=${request#*\"service\":\"} && service=${rest%%\"*}

respond() { printf '{"type":"response","id":"%s",%s}\n' "$id" "$1"; exit 0; }
# What failed once fails again at once; the host need not try as long as somebody waits.
fault() { respond "\"error\":{\"kind\":\"$1\",\"message\":\"$2\",\"retry_after_ms\":30000}"; }
case $service in
    '' | *[!a-z0-9_]*) fault invalid-input "the request names no service" ;;
esac

if [ -n "${KEYHOOKS_KEYS_FOLDER:-}" ]; then
    [ -d "$KEYHOOKS_KEYS_FOLDER" ] || fault unavailable "the folder of keys is not there"
    file=$KEYHOOKS_KEYS_FOLDER/$service
    [ -e "$file" ] || fault not-found "no such file"
    key=$(head -n 1 "$file") || fault permission-denied "the file cannot be read"
    source="a file for each service"
else
    command -v pass >/dev/null 2>&1 || fault unavailable "pass is not installed and KEYHOOKS_KEYS_FOLDER is not set"
    store=${PASSWORD_STORE_DIR:-$HOME/.password-store}
    [ -e "$store/keyhooks/$service.gpg" ] || fault not-found "no such entry"
    key=$(pass show "keyhooks/$service" 2>/dev/null) || fault unauthenticated "pass cannot decrypt it"
    key=$(printf '%s\n' "$key" | head -n 1)
    source="pass"
fi

[ -n "$key" ] || fault not-found "it is empty"
if printf '%s' "$key" | LC_ALL=C grep -q '[[:cntrl:]]'; then fault internal "it holds a control character"; fi
escaped=$(printf '%s' "$key" | sed 's/\\/\\\\/g; s/"/\\"/g')
respond "\"ok\":{\"verdict\":\"finish\",\"result\":{\"key\":\"$escaped\"},\"provenance\":{\"source\":\"$source\"},\"cache\":{\"ttl_ms\":60000}}"
