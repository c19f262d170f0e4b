# Sourced by ../hostile.sh: the findings by their numbers. What a function prints is what is broken.
# shellcheck shell=bash disable=SC2154

found_command() {
    local script="{ id; echo OP=\$OP_SERVICE_ACCOUNT_TOKEN; } > $box/pwned; printf $key"
    local section="\"plugins\":{\"command\":{\"commands\":{\"*\":[\"sh\",\"-c\",\"$script\"]}}}"
    cp -r "$root/Plugins/Examples/command" "$own"
    echo "{$section}" >keyhooks.json
    K OP_SERVICE_ACCOUNT_TOKEN=canary-op get openai
    [ -e "$box/pwned" ] && broken "ran a command through the user's plugin, with $(grep -c canary-op "$box/pwned") token"
    refused "found for the first time"
    rm -rf "$box/pwned" "$own/command"; mkdir Plugins; cp -r "$root/Plugins/Examples/command" Plugins
    echo '{"pluginPath":["Plugins"],"plugins":{"command":{"commands":{"*":["printf","x"]}}}}' >keyhooks.json
    trust command
    echo "{\"pluginPath\":[\"Plugins\"],$section}" >keyhooks.json
    K get openai
    [ -e "$box/pwned" ] && broken "ran a changed command through a trusted plugin"
    refused "changed"
}

token_to_address() {
    listen attacker
    echo canary-npmrc >"$home/.npmrc"; echo canary-pgpass >"$home/.pgpass"; chmod 600 "$home"/.npmrc "$home"/.pgpass
    local more told=0 section
    for more in '' ',"token":"env:AWS_SECRET_ACCESS_KEY"' ',"token":"file:~/.npmrc"' ",\"token\":\"file:$home/.npmrc\"" \
        ",\"appRole\":{\"roleID\":\"env:GITHUB_TOKEN\",\"secretID\":\"file:$home/.pgpass\"}"; do
        section="{\"address\":[\"http://127.0.0.1:$port\"],\"path\":\"a\"$more}"
        echo "{\"plugins\":{\"openbao\":$section}}" >keyhooks.json
        : >"$box/attacker.log"
        K BAO_ADDR=http://127.0.0.1:1 BAO_TOKEN=canary-bao AWS_SECRET_ACCESS_KEY=canary-aws GITHUB_TOKEN=canary-git get openai
        has canary "$box/attacker.log" && told=$((told + 1))
        [ "$status" != 78 ] && broken "obeyed, status $status"
    done
    [ $told != 0 ] && broken "$told of 5 files had a credential sent to the address they name"
    echo '{"providers":{"openai":{"env":["AWS_SECRET_ACCESS_KEY"],"plugins":[]}}}' >keyhooks.json
    K AWS_SECRET_ACCESS_KEY=canary-aws get openai
    has canary "$box/out" && broken "prints another variable as the key"
    echo '{"providers":{"openai":{"constant":"attackers"}}}' >keyhooks.json
    get
    has attackers "$box/out" && broken "gives the attacker's constant"
}

foreign_files() {
    local path text
    for path in "$box/repo/keyhooks.json" "$home/.config/keyhooks/keyhooks.json" "$box/repo/.env"; do
        text='{"providers":{"openai":{"constant":"attackers"}}}'
        if [ "${path##*/}" = .env ]; then text=OPENAI_API_KEY=attackers; fi
        echo "$text" >"$path"; chmod 644 "$path"; trust; K get openai
        first 0
        chmod 666 "$path"; K get openai
        has attackers "$box/out" && broken "believes ${path#"$box/"} that others can write"
        refused "${path#"$box/"} of mode 666"
        if [ "$(id -u)" = 0 ]; then
            chown 1234 "$path"; chmod 644 "$path"; K get openai
            has attackers "$box/out" && broken "believes ${path#"$box/"} of another user"
        fi
        rm -f "$path"
    done
}

vanished() { # title, commands that make the plugin vanish, those that undo what cannot be deleted
    rm -rf "$home" "$box/repo/Plugins"; mkdir -p "$own"
    rm -f keyhooks.json
    if [[ $1 == project* ]]; then
        plugin Plugins/policy policy "$(denies)"
        echo '{"pluginPath":["Plugins"]}' >keyhooks.json
        as_other; trust policy
    else
        plugin "$own/policy" policy "$(denies)"; as_other
    fi
    get; first 3
    eval "$2"; get; weaker "$1"; eval "${3-:}"
}
vanishing() {
    vanished "own folder 000" 'chmod 000 "$own/policy"' 'chmod 755 "$own/policy"'
    vanished "own folder 600" 'chmod 600 "$own/policy"' 'chmod 755 "$own/policy"'
    vanished "plugins folder 000" 'chmod 000 "$own"' 'chmod 755 "$own"'
    vanished "plugins folder 311" 'chmod 311 "$own"' 'chmod 755 "$own"'
    vanished "plugins folder in a circle" 'rm -r "$own"; ln -s plugins "$own"'
    vanished "plugins folder leads nowhere" 'rm -r "$own"; ln -s /nonexistent/share "$own"'
    vanished "own plugin.json gone" 'rm "$own/policy/plugin.json"'
    vanished "project's folder gone" 'rm -r Plugins/policy'
    vanished "project's folder renamed" 'mv Plugins/policy Plugins/old'
    vanished "project's plugin.json renamed" 'mv Plugins/policy/plugin.json Plugins/policy/x.json'
    vanished "project's folder 000" 'chmod 000 Plugins/policy' 'chmod 755 Plugins/policy'
    vanished "project's search folder 000" 'chmod 000 Plugins' 'chmod 755 Plugins'
}

own_named_again() {
    plugin "$own/policy" policy "$(denies)"; get; first 3
    ln -s "$own" link
    local path
    for path in ../home/.config/keyhooks/plugins link "/proc/self/root$own"; do
        echo "{\"pluginPath\":[\"$path\"]}" >keyhooks.json
        trust; get; weaker "pluginPath ${path/"$box"/…}"
    done
    rm keyhooks.json
    get "KEYHOOKS_PLUGIN_PATH=$own"; weaker KEYHOOKS_PLUGIN_PATH
}

shadowed_broken() {
    plugin "$own/policy" policy "$(denies)"; rm "$own/policy/run"
    get; weaker "a broken plugin alone"
    plugin Plugins/policy policy "$(gives x)"; echo '{"pluginPath":["Plugins"]}' >keyhooks.json
    trust; get; weaker "a broken own plugin that an untrusted one shadows"
}

quoted_answers() {
    local head='{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"' shown=0 line value
    for value in wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARY canary-horse-battery Tr0ub4dor-and-canary; do
        for line in "${head/\"type\"/\"type}$value\"}}}" "${head/\"key\"/\"key}$value\"}}}" "$head$value}}}" "$value (prod)" \
            "{\"type\":\"$value\"}" "Key    Value"$'\n'"---    -----"$'\n'"key    $value" "${head/response/$value}x\"}}}" \
            "{\"type\":\"response\",\"id\":\"1\",\"error\":{\"kind\":\"$value\"}}" "${head/finish/$value}x\"}}}"; do
            plugin "$own/p" p "cat <<'END'"$'\n'"$line"$'\n'END
            K get openai
            has "$value" "$box/err" && shown=$((shown + 1))
        done
    done
    [ $shown != 0 ] && broken "$shown of 27 errors show the whole key"
    K plugins check p
    has canary "$box/out" "$box/err" && broken "'plugins check' shows it"
}

errors_before_answer() {
    local value
    for value in canary-horse-battery Tr0ub4dor-canary canary1234567890abcdefgh; do
        plugin "$own/p" p "echo got $value >&2; $(gives $value); echo gave $value >&2"
        K get openai; first 0
        if has "$value" "$box/err"; then broken "standard error shows the key that is then returned"; return; fi
    done
}

swapped() {
    plugin Plugins/p p "$(gives good)"
    echo '{"pluginPath":["Plugins"]}' >keyhooks.json
    trust p; K get openai; first 0
    cp -p Plugins/p/run "$box/good"; sed 's/good/canary-evil/' "$box/good" >"$box/evil"; chmod 755 "$box/evil"
    python3 -c 'import os, shutil, sys, time
while True:
    for name in "evil", "good":
        shutil.copy2(sys.argv[1] + "/" + name, sys.argv[1] + "/next"); os.rename(sys.argv[1] + "/next", sys.argv[2]); time.sleep(0.002)
' "$box" Plugins/p/run &
    local racer=$! evil=0 turn
    for turn in $(seq 100); do K get openai; has canary-evil "$box/out" && evil=$((evil + 1)); done
    kill $racer; wait $racer 2>/dev/null
    [ $evil != 0 ] && broken "other code than that trusted ran in $evil of $turn runs"
    mkdir -p "$box/open/repo"; cd "$box/open/repo" || return
    plugin Plugins/q q "$(gives good)"; echo '{"pluginPath":["Plugins"]}' >keyhooks.json
    trust q; K get openai; first 0
    chmod 777 ..; K get openai
    has good "$box/out" && broken "runs a plugin below a folder that everybody can write"
}

check_by_id() {
    plugin "$own/policy" policy "$(denies)"
    plugin policy policy "env > $box/ran; $(denies)" '"environment":["BAO_TOKEN","AWS_SECRET_ACCESS_KEY"],'
    K BAO_TOKEN=canary-bao AWS_SECRET_ACCESS_KEY=canary-aws plugins check policy
    [ -e "$box/ran" ] && broken "'plugins check policy' ran ./policy and not the installed plugin"
    rm -f "$box/ran"
    K BAO_TOKEN=canary-bao AWS_SECRET_ACCESS_KEY=canary-aws plugins check ./policy
    has canary "$box/ran" && broken "'plugins check ./policy' gave it ambient credentials"
}

twins() {
    [ "$(uname)" = Linux ] || skip "names are normalised here"
    local one=$'Plugins/caf\xc3\xa9' two=$'Plugins/cafe\xcc\x81'
    plugin "$one" p '. ./lib/answer'
    ln -s $'../cafe\xcc\x81/lib' "$one/lib"; mkdir -p "$two/lib"
    gives good >"$two/lib/answer"
    echo '{"pluginPath":["Plugins"]}' >keyhooks.json
    trust p
    gives canary-evil >"$two/lib/answer"
    K get openai
    has canary-evil "$box/out" && broken "runs a file outside of the folder that no hash covers"
}

generic_names() {
    local pair got=() pairs=(npm:NPM_TOKEN ssh_private:SSH_PRIVATE_KEY jwt_signing:JWT_SIGNING_KEY rails_master:RAILS_MASTER_KEY
        actions_id_token_request:ACTIONS_ID_TOKEN_REQUEST_TOKEN doppler:DOPPLER_TOKEN infisical:INFISICAL_TOKEN
        op_service_account:OP_SERVICE_ACCOUNT_TOKEN aws_session:AWS_SESSION_TOKEN vault:VAULT_TOKEN bao:BAO_TOKEN gh:GH_TOKEN)
    for pair in "${pairs[@]}"; do
        K "${pair#*:}=canary-x" get "${pair%:*}"
        has canary-x "$box/out" && got+=("${pair#*:}")
    done
    [ ${#got[@]} != 0 ] && broken "gives ${#got[@]} of ${#pairs[@]} as the key of a service: ${got[*]}"
}

seconds() { # limit, what, arguments: how long the tool takes
    local start=$EPOCHREALTIME taken
    K "${@:3}"
    taken=$(( (${EPOCHREALTIME/./} - ${start/./}) / 1000 ))
    [ $taken -gt $(($1 * 1000)) ] && broken "$2 takes $taken ms"
}
many_lines() {
    plugin "$own/p" p 'printf '\''{"type":"response","id":"%s","ok":{"verdict":"finish","result":{"key":"'\'' "$id"
awk '\''BEGIN { for (i = 0; i < 40000; i++) printf "%06d\\n", i }'\''; echo '\''end"}}}'\'
    seconds 4 "a key of 40,000 lines" get openai; [ "$status" = 0 ] || broken "status $status"
}
large_configuration() {
    local generate='import json, sys; n = int(sys.argv[1]); p = lambda: {f"s{i}": {"required": True} for i in range(n)}
print(json.dumps({"providers": p()} if len(sys.argv) < 3 else {"providers": {"openai": {"plugins": []}, **p()},
    "profiles": {f"p{i}": {"providers": {"openai": {"required": True}}} for i in range(n)}}))'
    python3 -c "$generate" 25000 >many.json
    seconds 4 "25,000 providers: it" get openai --config many.json
    python3 -c "$generate" 500 profiles >square.json
    seconds 2 "500 providers in 500 profiles: it" get openai --config square.json
}

terminal() {
    printf '{"envFiles":["x\\u001b]0;canary\\u0007y"],"plugins":{"openbao":{"path":"a\\u202eb","token":"file:/x\\u001b[31m"}}}' >keyhooks.json
    local turn file
    for file in missing folder; do
        for turn in "trust --show" trust "get openai" "explain openai" "list" "get openai --json" "explain openai --json"; do
            # shellcheck disable=SC2086 # several words
            K BAO_ADDR=http://127.0.0.1:1 $turn
            has $'\e' "$box/out" "$box/err" && broken "'$turn' shows an escape ($file)"
            has $'\u202e' "$box/out" "$box/err" && broken "'$turn' shows U+202E"
        done
        mkdir $'x\e]0;canary\ay'
    done
}

proxy() {
    listen proxy
    echo '{"plugins":{"openbao":{"address":"http://127.0.0.1:1","path":"a"}}}' >keyhooks.json
    K "http_proxy=http://127.0.0.1:$port" BAO_TOKEN=canary-bao get openai --config keyhooks.json
    has canary-bao "$box/proxy.log" && broken "the proxy gets the token that is for loopback"
}

exhausted() {
    plugin "$own/policy" policy "$(denies)"
    echo '{"providers":{"openai":{"fallback":"unavailable"}}}' >"$home/.config/keyhooks/keyhooks.json"
    get; first 3
    local limit saved=$tool weak_at=()
    for limit in 6 7 8 9 10 11 12 13 14 16 18 20; do
        printf '#!/bin/bash\nulimit -n %s; exec "%s" "$@"\n' $limit "$saved" >"$box/limited"; chmod 755 "$box/limited"
        tool=$box/limited; get
        has "$weak" "$box/out" && weak_at+=("$limit")
    done
    tool=$saved
    [ ${#weak_at[@]} != 0 ] && broken "the weaker key with ${weak_at[*]} descriptors"
    exec 9>>"$own/policy/run"; get; exec 9>&-
    weaker "somebody who holds the plugin's file open"
}

long_errors() {
    yes = 2>/dev/null | head -c 1048576 >.env
    local turn size
    for turn in "get openai" "explain openai" list; do
        # shellcheck disable=SC2086 # two words
        K $turn
        size=$(cat "$box/out" "$box/err" | wc -c)
        [ "$size" -gt 65536 ] && broken "'$turn' writes $size bytes"
    done
}

hanging() { # signal: starts the tool with a plugin that hangs, and sends it; says which processes are left
    mkdir -p "$own/slow"
    printf '{"id":"slow","version":"1","api":1,"entry":"./run","hooks":[{"point":"getAPIKey","phase":"start"}],"timeouts":{"request_ms":300000}}' >"$own/slow/plugin.json"
    printf '#!/bin/sh\necho $$ > %s/pid\ntrap "" TERM HUP INT\nprintf '\''{"type":"hello","v":[1]}\\n'\''\nwhile :; do sleep 1; done\n' "$box" >"$own/slow/run"
    chmod 755 "$own/slow/run"; rm -f "$box/pid"
    env -i HOME="$home" PATH=/usr/bin:/bin "$tool" get openai </dev/null >/dev/null 2>&1 &
    local host=$! turn
    for turn in $(seq 100); do [ -s "$box/pid" ] && break; sleep 0.1; done
    [ -s "$box/pid" ] || { kill -KILL $host; broken "the plugin did not start"; return; }
    limits=$(cat /proc/$host/limits 2>/dev/null)
    sleep 0.3; kill "-$1" $host; wait $host 2>/dev/null
    for turn in $(seq 50); do kill -0 "$(cat "$box/pid")" 2>/dev/null || return 0; sleep 0.1; done
    broken "a process of the plugin is left 5 s after SIG$1"
    kill -KILL "$(cat "$box/pid")"
}
killed() {
    hanging KILL
    [ "$(id -u)" = 0 ] || return 0
    rm -r "$own/slow"; plugin "$own/p" p "$(gives x)"; as_other
    local saved=$tool count
    for count in 3 4 5 6 7 8 9 10; do
        printf '#!/bin/bash\nulimit -u %s; exec "%s" "$@"\n' $count "$saved" >"$box/limited"; chmod 755 "$box/limited"
        tool=$box/limited patience=8 K get openai
        tool=$saved
        if [ "$status" = 137 ]; then broken "with $count processes allowed 'get' hangs and ignores SIGTERM"; return; fi
    done
}

notes() {
    echo '{"providers":{"openai":{"constant":"fallen-through"}}}' >"$home/.config/keyhooks/keyhooks.json"
    ln -s /nonexistent/keyhooks.json keyhooks.json; K get openai; refused "a keyhooks.json that leads nowhere"
    rm keyhooks.json "$home/.config/keyhooks/keyhooks.json"
    plugin .config/keyhooks/plugins/evil evil "$(gives canary-evil)"
    K HOME=. get openai
    has canary-evil "$box/out" && broken "HOME=. makes the working directory's plugins the user's own"
    listen moved 307 http://SELF/v1/sys/seal
    echo "{\"plugins\":{\"openbao\":{\"address\":\"http://127.0.0.1:$port\",\"path\":\"a\"}}}" >conf.json
    K BAO_TOKEN=canary-bao get openai --config conf.json
    has /sys/seal "$box/moved.log" && broken "a redirect takes the token to another path"
    K get openai
    { [ -e "$home/.cache" ] || [ -e "$home/.local" ]; } && broken "folders are made in the home"
    hanging KILL >/dev/null
    [ -n "$limits" ] && ! grep -q 'core file size *0 *0' <<<"$limits" && broken "a core may be dumped"
}

recursion() {
    plugin "$own/p" p "echo run >> $box/runs
[ \"\$(wc -l < $box/runs)\" -ge 8 ] && exit 1
'$tool' get openai >>$box/inner 2>&1; $(gives "$key")"
    get; [ "$status" = 0 ] || broken "status $status"
    local runs; runs=$(wc -l <"$box/runs")
    [ "$runs" != 1 ] && broken "a plugin that asks the tool is run $runs times (it stops itself at 8)"
}
