#if CLI
extension PluginScaffold {
    /// A one-shot plugin in the shell that every system has.
    static func shell(_ id: String) -> PluginScaffold {
        PluginScaffold(
            files: [
                manifest(id, mode: "oneshot", entry: "plugin.sh"),
                File(name: "plugin.sh", text: shellText, isExecutable: true),
            ],
            source: "plugin.sh"
        )
    }

    private static let shellText = #"""
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

        """#

    /// A session plugin in Python without packages.
    static func python(_ id: String) -> PluginScaffold {
        PluginScaffold(
            files: [
                manifest(id, mode: "session", entry: "plugin.py"),
                File(
                    name: "plugin.py",
                    text: pythonText.replacing("PLUGIN-ID", with: id),
                    isExecutable: true
                ),
            ],
            source: "plugin.py"
        )
    }

    private static let pythonText = #"""
        #!/usr/bin/env python3
        """The plugin PLUGIN-ID of keyhooks: one JSON object a line, on standard input and output."""
        import json
        import os
        import sys


        class Fault(Exception):
            """A failure; the kind is not-found, unavailable, permission-denied, ...; the hint says what to do."""

            def __init__(self, kind, message, hint=None):
                super().__init__(message)
                self.kind = kind
                self.hint = hint


        def look_up(service, scope, config, settings):
            """The key of a service, or None if there is none. Replace this by where the keys are.

            scope has the caller's project, tenant, ...; config is the plugin's section of keyhooks.json, and settings what
            'providers' there tells it of this service.
            """
            return None


        def words(kind, error, trace):
            """What is said of an error: its type and where it comes from.

            Its text may hold anything, a key included; of a variable that is not there the name is known to be none.
            """
            places, missing = [], ""
            while trace:
                code = trace.tb_frame.f_code
                if isinstance(error, KeyError) and code is type(os.environ).__getitem__.__code__:
                    missing = f" (it is given no variable {error.args[0]})"
                else:
                    places.append(f"{os.path.basename(code.co_filename)} line {trace.tb_lineno} in {code.co_name}")
                trace = trace.tb_next
            return f"{kind.__name__}{missing} at {', '.join(places)}"


        # Python would print the text of an error, and lines of the program with it.
        sys.excepthook = lambda kind, error, trace: print(words(kind, error, trace), file=sys.stderr)


        def body(request, config):
            arguments = request["arguments"]
            try:
                key = look_up(arguments["service"], arguments.get("scope", {}), config, arguments.get("settings", {}))
            except Fault as fault:
                return {"error": {"kind": fault.kind, "message": str(fault), "hint": fault.hint}}
            except Exception as error:
                return {"error": {"kind": "internal", "message": words(type(error), error, error.__traceback__)}}
            if key is None:
                return {"ok": {"verdict": "proceed"}}
            return {"ok": {"verdict": "finish", "result": {"key": key}, "cache": {"ttl_ms": 300000}}}


        def send(message):
            sys.stdout.write(json.dumps(message) + "\n")
            sys.stdout.flush()


        def main():
            if "KEYHOOKS_PLUGIN" not in os.environ:
                sys.exit("A plugin of keyhooks; see 'keyhooks plugins check ./'")
            plugin = {"id": "PLUGIN-ID", "version": "0.1.0"}
            send({"type": "hello", "v": [1], "plugin": plugin, "capabilities": ["batch"]})
            config = {}
            for line in sys.stdin:
                message = json.loads(line)
                kind = message.get("type")
                if kind == "init":
                    config = message.get("config", {})
                requests = message["requests"] if kind == "batch" else [message] if kind == "request" else []
                for request in requests:
                    send({"type": "response", "id": request["id"], **body(request, config)})


        main()

        """#

    /// A session plugin in one Swift file.
    static func swift(_ id: String) -> PluginScaffold {
        PluginScaffold(
            files: [
                manifest(id, mode: "session", entry: "plugin"),
                File(
                    name: "main.swift",
                    text: swiftText.replacing("PLUGIN-ID", with: id)
                ),
                File(
                    name: "build.sh",
                    text: "#!/bin/sh\ncd \"$(dirname \"$0\")\" && umask 022 && exec swiftc -O -o plugin main.swift\n",
                    isExecutable: true
                ),
            ],
            source: "main.swift",
            firstStep: "build.sh"
        )
    }

    private static let swiftText = #"""
        // The plugin PLUGIN-ID of keyhooks: one JSON object a line, on standard input and output.
        import Foundation

        /// A failure; the kind is not-found, unavailable, permission-denied, and so on.
        struct Fault: Error {
            var kind: String
            var message: String
            /// What to do, in one line.
            var hint = ""
        }

        /// The key of a service, or nil if there is none. Replace this by where the keys are.
        ///
        /// Of an error that you throw only the type is reported, since its text may hold a key. Write `try` and no
        /// `try!`, which would print it.
        func lookUp(_ service: String, _ config: [String: Any]) throws -> String? {
            nil
        }

        func send(_ message: [String: Any]) throws {
            let line = try JSONSerialization.data(withJSONObject: message)
            try FileHandle.standardOutput.write(contentsOf: line + [UInt8(ascii: "\n")])
        }

        func answer(_ request: [String: Any], _ config: [String: Any]) throws {
            let arguments = request["arguments"] as? [String: Any] ?? [:]
            var response: [String: Any] = ["type": "response", "id": request["id"] ?? ""]
            do {
                if let key = try lookUp(arguments["service"] as? String ?? "", config) {
                    response["ok"] = ["verdict": "finish", "result": ["key": key], "cache": ["ttl_ms": 300_000]]
                } else {
                    response["ok"] = ["verdict": "proceed"]
                }
            } catch let fault as Fault {
                response["error"] = ["kind": fault.kind, "message": fault.message, "hint": fault.hint]
            } catch {
                response["error"] = ["kind": "internal", "message": "\(type(of: error)) from lookUp in main.swift"]
            }
            try send(response)
        }

        guard ProcessInfo.processInfo.environment["KEYHOOKS_PLUGIN"] != nil else {
            FileHandle.standardError.write(Data("A plugin of keyhooks; see 'keyhooks plugins check ./'\n".utf8))
            exit(64)
        }
        func serve() throws {
            try send([
                "type": "hello", "v": [1], "plugin": ["id": "PLUGIN-ID", "version": "0.1.0"], "capabilities": ["batch"],
            ])
            var config: [String: Any] = [:]
            while let line = readLine() {
                let message = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
                switch message["type"] as? String {
                case "init": config = message["config"] as? [String: Any] ?? [:]
                case "request": try answer(message, config)
                case "batch": for request in message["requests"] as? [[String: Any]] ?? [] { try answer(request, config) }
                default: break
                }
            }
        }

        do {
            try serve()
        } catch {
            // An error that nobody catches would be printed with all that is in it.
            FileHandle.standardError.write(Data("\(type(of: error)) from serve in main.swift\n".utf8))
            exit(70)
        }

        """#
}
#endif
