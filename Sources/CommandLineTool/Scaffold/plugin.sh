#!/bin/sh
# Started once for every request: one line of JSON in, one object out, status 0.
# A variable that is not set, or not named under environment in plugin.json, is an error and not an empty key.
set -u
[ -n "${KEYHOOKS_PLUGIN-}" ] || { echo "A plugin of keyhooks; see 'keyhooks plugins check ./'" >&2; exit 64; }
IFS= read -r line

rest=${line#*\"id\":\"} && id=${rest%%\"*}
rest=${line#*\"service\":\"} && service=${rest%%\"*}
answer() { printf '{"type":"response","id":"%s",%s}\n' "$id" "$1"; exit 0; }

# Puts the key of a service into 'key', or leaves it empty. Replace this by where the keys are, as in
#   key=$(my-vault read "$1") || return
# A status other than 0 fails the call, and is all that is reported of it. To say more:
#   not there:   answer '"error":{"kind":"not-found"}'
#   no access:   answer '"error":{"kind":"permission-denied","message":"..."}'
#   not now:     answer '"error":{"kind":"unavailable","message":"...","hint":"what to do"}'
# Never write a key to standard error or into an argument of a program.
look_up() {
    case $1 in
        *) key= ;;
    esac
}

key=
look_up "$service" || answer '"error":{"kind":"internal","message":"look_up ended with status '"$?"'"}'
case $key in
    '') answer '"ok":{"verdict":"proceed"}' ;;
    *[\\\"]*) answer '"error":{"kind":"internal","message":"the key has a quote or a backslash"}' ;;
esac
answer '"ok":{"verdict":"finish","result":{"key":"'"$key"'"},"cache":{"ttl_ms":300000}}'
