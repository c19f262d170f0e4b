#if CLI
extension PluginScaffold {
    /// A session plugin in one Swift file.
    static func swift(_ id: String) -> PluginScaffold {
        PluginScaffold(
            files: [
                manifest(id, mode: "session", entry: "plugin"),
                File(
                    name: "main.swift",
                    text: swiftText.split(separator: "PLUGIN-ID", omittingEmptySubsequences: false)
                        .joined(separator: id)
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
        /// Of an error that you throw only the type is reported, since its text may hold a key. Write `try` and no `try!`, which
        /// would print it.
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
