#if CLI
import Foundation
import Testing

/// What an author sees of a plugin, and what it costs to look at one of somebody else's.
@Suite(.timeLimit(.minutes(5)))
struct PluginTrialTests {
    static let key = "correct-horse-battery"
    static let answer =
        #"{"type":"response","id":"%s","ok":{"verdict":"finish","result":{"key":"correct-horse-battery"}}}"#

    /// Writes a one-shot plugin of the shell that has the id of its request in `$id`.
    @discardableResult
    func plugin(_ tool: Tool, in folder: String, id: String = "policy", _ body: String) throws -> String {
        try tool.write(
            "\(folder)/plugin.json",
            """
            { "id": "\(id)", "version": "1", "api": 1, "entry": "./run", "mode": "oneshot",
              "environment": ["ACME_TOKEN"], "timeouts": { "request_ms": 4000 },
              "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
            """
        )
        let script = #"""
            #!/bin/sh
            read -r line
            id=$(printf '%s\n' "$line" | sed 's/.*"id":"\([^"]*\)".*/\1/')
            \#(body)

            """#
        let run = try tool.write("\(folder)/run", script)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: run)
        return run
    }

    func run(_ tool: Tool, _ arguments: String...) async throws -> Tool.Run {
        let home = tool.folder.appendingPathComponent("home").path
        return try await tool.run(
            ["plugins"] + arguments,
            environment: ["XDG_CONFIG_HOME": home, "PATH": "/usr/bin:/bin", "ACME_TOKEN": "token-of-the-user"]
        )
    }

    func exists(_ tool: Tool, _ name: String) -> Bool {
        FileManager.default.fileExists(atPath: tool.folder.appendingPathComponent(name).path)
    }

    @Test(arguments: ["check", "try"])
    func `An id means the installed plugin, whatever folders there are here`(command: String) async throws {
        try await withTool { tool in
            let place = tool.folder.path
            try plugin(tool, in: "policy", "touch '\(place)/evil'; printf '{\"type\":\"response\"}'")
            try plugin(
                tool,
                in: "home/keyhooks/plugins/mine",
                "echo \"$ACME_TOKEN\" > '\(place)/mine'; printf '\(Self.answer)\\n' \"$id\""
            )
            let arguments = command == "try" ? ["policy", "openai"] : ["policy"]
            _ = try await tool.run(
                ["plugins", command] + arguments,
                environment: [
                    "XDG_CONFIG_HOME": tool.folder.appendingPathComponent("home").path, "PATH": "/usr/bin:/bin",
                    "ACME_TOKEN": "token-of-the-user",
                ]
            )
            #expect(exists(tool, "mine") && !exists(tool, "evil"))
            let token = try String(contentsOfFile: "\(place)/mine", encoding: .utf8)
            #expect(token == "token-of-the-user\n")
        }
    }

    @Test(arguments: [["check", "other"], ["try", "other", "openai"], ["check", "."], ["try", "..", "openai"]])
    func `A folder without a slash is not run, and how to name it is said`(arguments: [String]) async throws {
        try await withTool { tool in
            try plugin(tool, in: "other", "touch '\(tool.folder.path)/evil'")
            let run = try await tool.run(["plugins"] + arguments)
            #expect(run.status == 1 && run.text.isEmpty && !exists(tool, "evil"))
            let path = arguments[1] == "." ? "./" : "./\(arguments[1])"
            #expect(run.errors.contains("keyhooks plugins \(arguments[0]) \(path)\n"), "\(run.errors)")
        }
    }

    @Test func `A key that get refuses passes neither check nor try`() async throws {
        try await withTool { tool in
            let answer = Self.answer.replacing("horse-", with: #"horse\\nX-Evil: "#)
            try plugin(tool, in: "home/keyhooks/plugins/policy", "printf '\(answer)\\n' \"$id\"")
            let home = ["XDG_CONFIG_HOME": tool.folder.appendingPathComponent("home").path, "PATH": "/usr/bin:/bin"]
            let words = "has a control character (U+000A at position 14), which no key has"
            for (arguments, status) in [
                (["get", "openai"], 2), (["plugins", "try", "policy", "openai"], 2),
                (["plugins", "check", "policy"], 2),
            ] as [([String], Int32)] {
                let run = try await tool.run(arguments, environment: home)
                #expect(run.status == status && (run.errors + run.text).contains(words), "\(run.text)\(run.errors)")
                #expect(arguments[0] != "get" || run.text.isEmpty)
            }
        }
    }

    @Test func `What a plugin that does not start is not asked is one line`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "policy", "exit 3")
            let run = try await run(tool, "check", "./policy")
            #expect(
                run.status == 2 && run.lines.contains { $0.hasSuffix("others - not run, since it answers nothing") }
            )
            #expect(
                run.lines.count { $0.contains("not run") } == 1 && !run.text.contains("unknown-fields"),
                "\(run.text)"
            )
        }
    }

    @Test(arguments: ["check", "try"])
    func `An id never means what a project brings and nobody trusted`(command: String) async throws {
        try await withTool { tool in
            try tool.write("conf.json", "{ pluginPath: ['Plugins'] }")
            try plugin(tool, in: "Plugins/policy", "touch '\(tool.folder.path)/evil'")
            let arguments = (command == "try" ? ["policy", "openai"] : ["policy"]) + ["--config", "conf.json"]
            func run() async throws -> Tool.Run {
                try await tool.run(
                    ["plugins", command] + arguments,
                    environment: [
                        "XDG_CONFIG_HOME": tool.folder.appendingPathComponent("home").path, "PATH": "/usr/bin:/bin",
                    ]
                )
            }
            let alone = try await run()
            #expect(alone.status == 2 && alone.errors.contains("never trusted"), "\(alone.errors)")
            #expect(alone.errors.contains("/Plugins/policy\n"))
            try plugin(
                tool,
                in: "home/keyhooks/plugins/mine",
                "printf '\(Self.answer)\\n' \"$id\"; touch '\(tool.folder.path)/mine'"
            )
            _ = try await run()
            #expect(exists(tool, "mine") && !exists(tool, "evil"))
        }
    }

    @Test func `A folder of somebody else's gets no variables unless told so, and what is run is said first`()
        async throws
    {
        try await withTool { tool in
            let body = "echo \"<$ACME_TOKEN>\" >> '\(tool.folder.path)/seen'; printf '\(Self.answer)\\n' \"$id\""
            try plugin(tool, in: "theirs", body)
            let plain = try await run(tool, "try", "./theirs", "openai")
            #expect(plain.status == 0, "\(plain.errors)")
            #expect(plain.errors.hasPrefix("runs "), "\(plain.errors)")
            #expect(plain.errors.contains("/theirs/run with the variables PATH, HOME, LANG, TMPDIR\n"))
            #expect(plain.errors.contains("withheld: ACME_TOKEN. To pass that on: --with-environment"))
            let told = try await run(tool, "try", "./theirs", "openai", "--with-environment")
            #expect(told.errors.contains("with the variables PATH, HOME, LANG, TMPDIR, ACME_TOKEN\n"))
            #expect(!told.errors.contains("withheld"))
            _ = try await run(tool, "check", "./theirs")
            let seen = try String(contentsOfFile: "\(tool.folder.path)/seen", encoding: .utf8)
            let lines = seen.split(separator: "\n")
            #expect(lines.prefix(2) == ["<>", "<token-of-the-user>"])
            #expect(lines.dropFirst(2).allSatisfy { $0 == "<>" } && lines.count > 5)
        }
    }

    @Test func `Try shows the lines in both directions, and no key`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", "echo 'got \(Self.key)' >&2; printf '\(Self.answer)\\n' \"$id\"")
            let run = try await run(tool, "try", "./p", "openai", "--project", "p1")
            #expect(run.status == 0, "\(run.errors)")
            let lines = run.text.split(separator: "\n").map(String.init)
            try #require(lines.count == 3)
            #expect(lines[0].hasPrefix(#"-> {"type":"request","id":"1","point":"getAPIKey","phase":"start""#))
            #expect(lines[0].contains(#""arguments":{"service":"openai","scope":{"project":"p1"}}"#))
            #expect(
                lines[1]
                    == #"<- {"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"[hidden]"}}}"#
            )
            #expect(lines[2] == "stderr: got [hidden]")
            #expect(run.errors.contains("it has a key for 'openai'"))
        }
    }

    @Test func `Try speaks with a session as the host does, in the configuration's words`() async throws {
        try await withTool { tool in
            let run = try tool.write(
                "s/run",
                """
                #!/bin/sh
                printf '%s\\n' '{"type":"hello","v":[1],"plugin":{"id":"s"},"more":"\(Self.key)"}'
                read -r init; read -r request
                printf '%s\\n' '{"type":"response","id":"1","ok":{"verdict":"finish","key":"\(Self.key)","result":{"key":"k"}}}'
                read -r rest
                """
            )
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: run)
            try tool.write(
                "s/plugin.json",
                """
                { "id": "s", "version": "1", "api": 1, "entry": "./run",
                  "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
                """
            )
            try tool.write(
                "conf.json",
                "{plugins: {s: {address: 'here'}}, profiles: {p: {providers: {google: {s: {name: 'n'}}}}}}"
            )
            let shown = try await self.run(tool, "try", "./s", "gemini", "--config", "conf.json", "--profile", "p")
            #expect(shown.status == 0, "\(shown.errors)")
            let lines = shown.text.split(separator: "\n").map(String.init)
            try #require(lines.map { String($0.prefix(3)) } == ["<- ", "-> ", "-> ", "<- "], "\(shown.text)")
            #expect(lines[0] == #"<- {"type":"hello","v":[1],"plugin":{"id":"s"},"[4 characters]":"[21 characters]"}"#)
            #expect(lines[1].contains(#""config":{"address":"here"}"#))
            #expect(lines[2].contains(#""service":"google""#) && lines[2].contains(#""settings":{"name":"n"}"#))
            #expect(!shown.text.contains("horse") && !shown.errors.contains("horse"))
        }
    }

    @Test func `Try hides what was written at an attempt that had no key`() async throws {
        try await withTool { tool in
            let mark = "\(tool.folder.path)/tried"
            try plugin(
                tool,
                in: "p",
                """
                if [ -e '\(mark)' ]; then printf '\(Self.answer)\\n' "$id"; exit 0; fi
                touch '\(mark)'; echo 'got Tr0ub4dor-and-3 first' >&2
                \(Self.fault("unavailable"))
                """
            )
            let run = try await run(tool, "try", "./p", "openai")
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.text.contains("stderr: got [15 characters] first"), "\(run.text)")
        }
    }

    @Test func `Try hides what the configuration names as secret`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", "echo 'log in with Tr0ub4dor-and-3' >&2; printf '\(Self.answer)\\n' \"$id\"")
            try tool.write(
                "conf.json",
                """
                {plugins: {policy: {address: 'here', password: 'Tr0ub4dor-and-3', pin_key: 12345678,
                 tokens: ['Tr0ub4dor-and-3'], credentials: {user: 'Tr0ub4dor-and-3'}}},
                 providers: {openai: {policy: {client_secret: 'Tr0ub4dor-and-3'}}}}
                """
            )
            let run = try await run(tool, "try", "./p", "openai", "--config", "conf.json")
            #expect(run.status == 0, "\(run.errors)")
            #expect(!run.text.contains("Tr0ub") && !run.text.contains("12345678"), "\(run.text)")
            #expect(run.text.contains(#""address":"here","password":"[hidden]","pin_key":"[hidden]""#), "\(run.text)")
            #expect(run.text.contains(#""client_secret":"[hidden]""#))
            #expect(run.text.contains("stderr: log in with [hidden]"), "\(run.text)")
        }
    }

    @Test(arguments: [["./p", "openai"], ["./p", "openai", "--project", "two words"]])
    func `What shows more repeats what was typed`(arguments: [String]) async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", id: "acme", "echo nonsense")
            let run = try await tool.run(["plugins", "try"] + arguments, environment: ["PATH": "/usr/bin:/bin"])
            let typed = arguments.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
            #expect(run.errors.contains("keyhooks plugins try \(typed) --show-output"), "\(run.errors)")
            #expect(!run.errors.contains("plugins check acme"), "\(run.errors)")
        }
    }

    @Test func `A check names the plugin in commands as it was typed`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", id: "acme", Self.fault("internal"))
            let run = try await run(tool, "check", "./p")
            #expect(run.text.contains("to see its message: keyhooks plugins try ./p openai\n"), "\(run.text)")
        }
    }

    @Test func `A variable that isn't set is mentioned, and one that is withheld is not`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", "exit 3")
            let words = "its manifest asks for ACME_TOKEN, which isn't set"
            let unset = try await tool.run(["plugins", "try", "./p", "openai"], environment: ["PATH": "/usr/bin:/bin"])
            #expect(unset.errors.contains("it ended with status 3; \(words)"), "\(unset.errors)")
            let withheld = try await run(tool, "try", "./p", "openai")
            #expect(withheld.errors.contains("withheld: ACME_TOKEN") && !withheld.errors.contains(words))
        }
    }

    @Test func `Try refuses what is no service, as get does`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", "touch '\(tool.folder.path)/ran'")
            let run = try await run(tool, "try", "./p", "")
            let get = try await tool.run(["get", ""])
            #expect(run.status == 64 && run.errors == get.errors, "\(run.errors)")
            #expect(!exists(tool, "ran"))
        }
    }

    @Test func `Try has the same remark as get on a service that is misspelled`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", "printf '\(Self.answer)\\n' \"$id\"")
            let run = try await run(tool, "try", "./p", "opnai")
            let remark = "warning: 'opnai' is not a known service. Did you mean 'openai'?\n"
            #expect(run.errors.contains(remark), "\(run.errors)")
            let get = try await tool.run(["get", "opnai"], environment: ["OPNAI_API_KEY": "odd"])
            #expect(get.errors == remark, "\(get.errors)")
            // The error of an absence asks the same, so it is not asked twice.
            let absent = try await tool.run(["get", "opnai"]).errors
            #expect(absent.components(separatedBy: "Did you mean 'openai'?").count == 2, "\(absent)")
        }
    }

    @Test(arguments: ["check", "try"])
    func `A manifest in place of its folder is refused with the folder to name`(command: String) async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", "exit 0")
            let more = command == "try" ? ["openai"] : []
            let run = try await tool.run(["plugins", command, "./p/plugin.json"] + more)
            #expect(run.status == 1 && run.errors.contains("ame its folder: ./p\n"), "\(run.errors)")
        }
    }

    @Test(arguments: ["check", "try"])
    func `A plugin that cannot be executed has one exit status`(command: String) async throws {
        try await withTool { tool in
            let entry = try plugin(tool, in: "p", "exit 0")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: entry)
            let more = command == "try" ? ["openai"] : []
            let run = try await tool.run(["plugins", command, "./p"] + more, environment: ["PATH": "/usr/bin:/bin"])
            #expect(run.status == 2 && (run.errors + run.text).contains("is not executable"), "\(run.errors)")
        }
    }

    @Test func `Help says that both streams are shown`() async throws {
        try await withTool { tool in
            let run = try await tool.run(["plugins", "try", "--help"])
            let words = run.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            let help = "Show every line the plugin writes, on standard output and standard error, keys included."
            #expect(words.contains(help), "\(run.text)")
        }
    }

    struct Ending: CustomTestStringConvertible, Sendable {
        let body: String
        let status: Int32
        let words: String
        var testDescription: String { words }
    }

    private static func fault(_ kind: String) -> String {
        #"printf '{"type":"response","id":"%s","error":{"kind":"\#(kind)"}}\n' "$id""#
    }

    @Test(
        arguments: [
            Ending(
                body:
                    #"printf '{"type":"response","id":"%s","ok":{"verdict":"finish","result":{"not_required":true}}}' "$id""#,
                status: 0,
                words: "requires no key"
            ),
            Ending(
                body: #"printf '{"type":"response","id":"%s","ok":{"verdict":"proceed"}}' "$id""#,
                status: 1,
                words: "has no key"
            ),
            Ending(body: fault("not-found"), status: 1, words: "has no key"),
            Ending(body: fault("permission-denied"), status: 3, words: "permission-denied"),
            Ending(body: fault("unauthenticated"), status: 2, words: "unauthenticated"),
            Ending(body: "echo '\(key)'", status: 2, words: "not a JSON object (22 bytes, the first a letter)"),
            Ending(body: "echo 'got \(key)' >&2; exit 4", status: 2, words: "its last words: got [21 characters]"),
            Ending(
                body:
                    #"printf '{"type":"response","id":"%s","error":{"kind":"permission_denied","message":"no"}}' "$id""#,
                status: 2,
                words: "no; it reports an error of an unknown kind: expected one of not-found"
            ),
            Ending(
                body: "exec sleep 60",
                status: 2,
                words: "no answer within 4 s (timeouts.request_ms of its plugin.json)"
            ),
        ]
    )
    func `Try exits as get would`(ending: Ending) async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", ending.body)
            let run = try await run(tool, "try", "./p", "openai")
            #expect(run.status == ending.status, "\(run.errors)")
            #expect(run.errors.contains(ending.words), "\(run.errors)")
            #expect(!run.errors.contains("horse") && !run.text.contains("horse"))
        }
    }
}
#endif
