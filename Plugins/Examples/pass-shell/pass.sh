#!/bin/sh
# The plugin `pass` of keyhooks: one line of JSON in, one object out, status 0. Keys stay inside of this shell and what it
# reads from: none is an argument of a program, and nothing is written to standard error.
[ -n "$KEYHOOKS_PLUGIN" ] || { echo "A plugin of keyhooks; see README.md beside it." >&2; exit 64; }
IFS= read -r line

rest=${line#*\"id\":\"} && id=${rest%%\"*}
rest=${line#*\"service\":\"} && service=${rest%%\"*}

answer() { printf '{"type":"response","id":"%s",%s}\n' "$id" "$1"; exit 0; }
fault() { answer "\"error\":{\"kind\":\"$1\",\"message\":\"$2\"}"; }

# Only what can be a file's name and nothing else.
case $service in '' | *[!a-z0-9_]*) answer '"error":{"kind":"not-mine"}' ;; esac

give() {
    case $1 in
        '') answer '"error":{"kind":"not-found"}' ;;
        *[[:cntrl:]]*) fault internal "the entry holds control characters" ;;
    esac
    # As a JSON string: printf is part of the shell, and sed gets the key on its input.
    key=$(printf '%s\n' "$1" | sed 's/[\\"]/\\&/g')
    answer "\"ok\":{\"verdict\":\"finish\",\"result\":{\"key\":\"$key\"},\"cache\":{\"ttl_ms\":300000},\"provenance\":{\"source\":\"$2\"}}"
}

if [ -n "$KEYHOOKS_KEY_FOLDER" ]; then
    file=$KEYHOOKS_KEY_FOLDER/$service
    [ -d "$KEYHOOKS_KEY_FOLDER" ] || fault unavailable "the folder of KEYHOOKS_KEY_FOLDER is not there"
    [ -e "$file" ] || answer '"error":{"kind":"not-found"}'
    if [ -n "$(find -L "$file" -prune \( -perm -040 -o -perm -004 \) 2>/dev/null)" ]; then
        answer '"error":{"kind":"permission-denied","message":"others can read the file","hint":"chmod 600 the file of the service"}'
    fi
    { IFS= read -r key || [ -n "$key" ]; } 2>/dev/null <"$file" || [ -r "$file" ] || fault permission-denied "the file cannot be read"
    give "$key" "a file per service"
fi

command -v pass >/dev/null 2>&1 || answer '"error":{"kind":"not-mine"}'
name=${KEYHOOKS_PASS_PREFIX:-ai}/$service
words=$(pass show "$name" 2>/dev/null </dev/null) && {
    # The first line is the password, as pass has it.
    give "${words%%
*}" "pass"
}
# Why not; a key would be on standard output.
words=$(LC_ALL=C pass show "$name" 2>&1 >/dev/null </dev/null)
case $words in
    *"is not in the password store"*) answer '"error":{"kind":"not-found"}' ;;
    *"No secret key"* | *"No pinentry"* | *"Operation cancelled"* | *"Inappropriate ioctl"*)
        answer '"error":{"kind":"unauthenticated","message":"the key of the store is locked","hint":"unlock it: pass show any entry once"}' ;;
    *) fault unavailable "pass failed" ;;
esac
