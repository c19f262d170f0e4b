#if CLI
extension PluginScaffold {
    /// A one-shot plugin in the shell that every system has.
    static func shell(_ id: String) -> PluginScaffold {
        PluginScaffold(files: [
            manifest(id, mode: "oneshot", entry: "plugin.sh"),
            File(name: "plugin.sh", text: shellText, isExecutable: true),
        ])
    }

    private static let shellText = #"""
        #!/bin/sh
        # Started once for every request: one line of JSON in, one object out, status 0.
        [ -n "$KEYHOOKS_PLUGIN" ] || { echo "A plugin of keyhooks; see 'keyhooks plugins check ./'" >&2; exit 64; }
        IFS= read -r line

        rest=${line#*\"id\":\"} && id=${rest%%\"*}
        rest=${line#*\"service\":\"} && service=${rest%%\"*}
        answer() { printf '{"type":"response","id":"%s",%s}\n' "$id" "$1"; exit 0; }

        # Replace this by where the keys are. Never write a key to standard error or into an argument of a program.
        #   a key:       answer '"ok":{"verdict":"finish","result":{"key":"..."},"cache":{"ttl_ms":300000}}'
        #   not there:   answer '"error":{"kind":"not-found"}'
        #   no access:   answer '"error":{"kind":"permission-denied","message":"..."}'
        #   not now:     answer '"error":{"kind":"unavailable","message":"...","hint":"what to do"}'
        case $service in
            *) answer '"ok":{"verdict":"proceed"}' ;;
        esac

        """#
}
#endif
