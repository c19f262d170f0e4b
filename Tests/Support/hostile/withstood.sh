# Sourced by ../hostile.sh: what was attacked without success, and must stay so. What a function prints is what is broken.
# shellcheck shell=bash disable=SC2154

odd_files() {
    local name make
    for name in .env keyhooks.json; do
        for make in 'mkfifo "$name"' 'ln -s /dev/zero "$name"' 'mkdir "$name"' 'ln -s "$name" "$name"' 'ln -s /dev/tty "$name"' \
            'ln -s /proc/self/fd/0 "$name"' 'truncate -s 1G "$name"' 'ln -s /proc/kmsg "$name"'; do
            eval "$make"; patience=10 K get openai; rm -rf "$name"
            [ "$status" = 124 ] || [ "$status" = 137 ] && broken "$make ($name) hangs"
            [ "$status" = 0 ] && broken "$make ($name) gives a key"
        done
    done
}

hostile_env() {
    plugin "$own/policy" policy "$(denies)"
    plugin evil/evil evil "$(gives canary-evil)"
    listen attacker
    local line
    for line in KEYHOOKS_NO_PLUGINS=1 "KEYHOOKS_PLUGIN_PATH=$PWD/evil" "PATH=$PWD" "LD_PRELOAD=$PWD/x.so" "HOME=$PWD" \
        "XDG_CONFIG_HOME=$PWD" KEYHOOKS_PLUGIN=1 "KEYHOOKS_CONFIG=$PWD/x.json"; do
        printf '%s\nOPENAI_API_KEY=%s\n' "$line" "$weak" >.env; chmod 600 .env
        K get openai
        [ "$status" != 3 ] && broken "${line%%=*} in .env: status $status, not denied"
    done
    rm -r "$own/policy"
    echo '{"plugins":{"openbao":{"address":"http://127.0.0.1:1","path":"a"}}}' >"$home/.config/keyhooks/keyhooks.json"
    printf 'BAO_ADDR=http://127.0.0.1:%s\nhttp_proxy=http://127.0.0.1:%s\nVAULT_ADDR=http://127.0.0.1:%s\n' "$port" "$port" "$port" >.env
    K BAO_TOKEN=canary-bao get openai
    has canary-bao "$box/attacker.log" && broken "an address in .env gets the token"
}

names() {
    local name
    for name in "" . .. / "a/b" $'a/\u0338' $'a\nb' $'a\x7f' $'a\u0085' "$(printf 'a%.0s' $(seq 513))"; do
        get get "$name"; K "OPENAI_API_KEY=$weak" "A_API_KEY=$weak" get "$name"
        [ "$status" = 0 ] && broken "'${name@Q}' is a name"
    done
}

child_environment() {
    plugin "$own/p" p "env > $box/env; printf '%s\n' \"\$*\" >> $box/env; $(gives x)" '"environment":["WANTED"],'
    K WANTED=1 UNWANTED=canary-env OPENAI_API_KEY=canary-key LD_LIBRARY_PATH= get openai
    has canary "$box/env" && broken "the plugin gets variables that it did not ask for"
    has WANTED "$box/env" || broken "the plugin does not get what it asks for"
}

damaged_store() {
    plugin Plugins/policy policy "$(denies)"
    echo '{"pluginPath":["Plugins"]}' >keyhooks.json
    trust policy
    cp -r "$home" "$box/kept"
    local damage file
    for damage in ': >' 'echo { >' 'echo [] >' 'chmod 666' 'head -c 6000000 /dev/zero >' 'rm -f "$file"; mkdir' 'rm -f "$file"; mkfifo'; do
        for file in $(cd "$box/kept" && find . -name '*.json' -path '*keyhooks*' ! -path '*/trusted/*' ! -name plugin.json); do
            rm -rf "$home"; cp -rp "$box/kept" "$home"; file=$home/$file
            eval "$damage \"\$file\""; get; weaker "'$damage' ${file##*/}"
        done
    done
}

foreign_redirects() {
    listen target; local target=$port code
    for code in 301 302 303 307 308; do
        listen "from$code" $code "http://127.0.0.1:$target/v1/secret/data/a"
        echo "{\"plugins\":{\"openbao\":{\"address\":\"http://127.0.0.1:$port\",\"path\":\"a\"}}}" >conf.json
        K BAO_TOKEN=canary-bao get openai --config conf.json
        has canary-bao "$box/target.log" && broken "$code takes the token to another server"
        has canary-bao "$box/from$code.log" || broken "$code was not tried"
    done
}

wild_plugins() {
    local what
    for what in 'yes' 'yes >&2' 'exit 1' 'kill -9 $$' 'exec sleep 100' 'trap "" TERM; while :; do sleep 1; done' 'setsid sleep 30 & exit 0' \
        'head -c 100000000 /dev/zero' 'echo "{\"type\":\"response\",\"id\":\"7\",\"ok\":{\"verdict\":\"proceed\"}}"' 'echo null' \
        "$(answer '"ok":{"verdict":"keep"}')" "$(answer '"error":{"kind":"absent"}')" "$(answer '"ok":{"verdict":"finish","result":{}}')"; do
        plugin "$own/p" p "$what"
        patience=20 get; weaker "'$what'"
        [ "$status" = 0 ] || [ "$status" -ge 124 ] && broken "'$what': status $status"
    done
}

signals() { local signal; for signal in TERM INT HUP; do hanging $signal; done; }

full_output() {
    env -i HOME="$home" OPENAI_API_KEY=$weak "$tool" get openai >/dev/full 2>"$box/err" && broken "success with a full disk"
    env -i HOME="$home" OPENAI_API_KEY=$weak "$tool" get openai >&- 2>"$box/err" && broken "success without standard output"
    has "$weak" "$box/err" && broken "the key is on standard error"
}
