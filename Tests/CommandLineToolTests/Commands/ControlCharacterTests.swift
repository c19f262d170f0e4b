#if CLI
import Foundation
import Testing

/// Nothing that stands in a file or among the arguments acts on the terminal.
struct ControlCharacterTests {
    @Test(arguments: ["opena\u{1B}i", "\u{1B}[31mopenai", "open\u{7}ai", "open\nai", "open\u{9B}ai"])
    func noControlCharacterOfAServiceReachesTheTerminal(service: String) async throws {
        for command in ["get", "explain"] {
            let run = try await withTool { tool in try await tool.run([command, service]) }
            #expect(run.status == 64)
            #expect(Self.isHarmless(run.errors))
            #expect(run.errors.contains("isn't a valid service id"))
        }
    }

    /// A title for the terminal, a colour by one scalar, text turned around, two ends of lines that only some see.
    private static let hostile = #"x\u001b]0;pwned\u0007\u009b31m\u202egnp\u2028\u0085y"#

    /// Every setting that takes a text of one's own, and some that do not and say so.
    static let configurations =
        [
            "envFiles: ['X']", "pluginPath: ['X']", "hookOrder: ['X']", "envPrecedence: 'X'", "'X': 1", "$schema: 'X'",
            "providers: {'X': {}}", "providers: {openai: {'X': 1}}", "providers: {openai: {env: ['X']}}",
            "providers: {openai: {aliases: ['X']}}", "providers: {openai: {plugins: ['X']}}",
            "providers: {openai: {constant: 'X'}}", "providers: {openai: {ttl: 'X'}}",
            "providers: {openai: {fallback: 'X'}}",
            "profiles: {'X': {providers: {openai: {env: ['A']}}}}", "profiles: {p: {providers: {'X': {}}}}",
            "plugins: {'X': {}}", "plugins: {openbao: {'X': 1}}",
        ]
        + ["address", "path", "mount", "namespace", "loginNamespace", "token", "field"]
        .map { "plugins: {openbao: {path: 'p', address: 'http://127.0.0.1:1', token: 'file:/x', \($0): 'X'}}" }
        + [
            "plugins: {openbao: {path: 'p', address: 'http://127.0.0.1:1', token: 'file:/X'}}",
            "plugins: {openbao: {path: 'p', token: 'env:X'}}",
            "plugins: {openbao: {path: 'p', appRole: {roleID: 'file:X', secretID: 'file:/X', mount: 'X'}}}",
            "plugins: {openbao: {path: 'p', token: 'file:/x'}}, providers: {openai: {openbao: {path: 'X', field: 'X'}}}",
            "plugins: {acme: {'X': 'X', name: 'X'}}, providers: {openai: {acme: {'X': 'X'}}}",
            "plugins: {openbao: {path: 'X', address: 'http://127.0.0.1:1', token: 'file:/x', timeout: '1s'}}, "
                + "providers: {openai: {fallback: 'unavailable'}}",
        ]

    private static let commands = [
        ["get", "openai"], ["explain", "openai"], ["list"], ["plugins", "list"], ["explain", "openai", "--json"],
        ["list", "--json"], ["plugins", "list", "--json"],
    ]

    @Test(.timeLimit(.minutes(5)), arguments: configurations)
    func noControlCharacterOfAConfigurationReachesTheTerminal(configuration: String) async throws {
        try await withTool { tool in
            // JSON5 has the same escapes in both kinds of quotes.
            try tool.write("keyhooks.json", "{\(configuration.replacing("X", with: Self.hostile))}")
            try await check(tool, Self.commands.map { $0 + ["--config", "keyhooks.json"] })
        }
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: ["version", "description", "installHint", "entry", "id", "services", "X"]
    )
    func noControlCharacterOfAManifestReachesTheTerminal(member: String) async throws {
        try await withTool { tool in
            var members = [
                "id": "'acme'", "version": "'1'", "api": "1", "entry": "'./run'",
                "hooks": "[{point: 'getAPIKey', phase: 'start'}]",
            ]
            switch member {
            case "services": members["hooks"] = "[{point: 'getAPIKey', phase: 'start', services: ['X']}]"
            case "X": members["'X'"] = "1"
            default: members[member] = "'X'"
            }
            let text = members.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            try tool.write(
                "home/keyhooks/plugins/acme/plugin.json",
                "{\(text.replacing("X", with: Self.hostile))}"
            )
            let more = [["plugins", "info", "acme"], ["plugins", "check", "./home/keyhooks/plugins/acme"]]
            try await check(tool, Self.commands + more)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func noControlCharacterOfAFolderAVariableOrAnArgumentReachesTheTerminal() async throws {
        let hostile = "x\u{1B}]0;pwned\u{7}\u{202E}\u{2028}y"
        try await withTool { tool in
            try tool.write("home/keyhooks/plugins/\(hostile)/plugin.json", "{}")
            try tool.write("\(hostile)/.env", "OPENAI_API_KEY=sk-1\n")
            try tool.write(".env", "OPENAI_API_KEY=\"\(hostile)\n\(hostile)=1\n")
            let commands = [
                ["--config", hostile], ["--env-file", hostile], ["--env-file", "\(hostile)/.env"],
                ["--profile", hostile], ["--tenant", hostile], ["--\(hostile)"],
            ]
            try await check(tool, commands.map { ["explain", "openai"] + $0 } + Self.commands)
            try await check(tool, commands.map { ["get", "openai"] + $0 } + [[hostile], ["plugins", hostile]])
            try await check(tool, ["info", "trust", "check", "disable"].map { ["plugins", $0, hostile] })
        }
    }

    /// A key is what was asked for; it arrives as it is.
    @Test func aKeyIsPrintedAsItIs() async throws {
        try await withTool { tool in
            let run = try await tool.run(["get", "openai"], environment: ["OPENAI_API_KEY": "a\u{202E}b"])
            #expect(run.text == "a\u{202E}b\n" && run.errors.contains("U+202E at position 2"))
            let refused = try await tool.run(["get", "openai"], environment: ["OPENAI_API_KEY": "a\u{1B}b"])
            #expect(refused.status == 78 && refused.text.isEmpty)
            #expect(refused.errors.contains("U+001B at position 2"))
            let json = try await tool.run(["get", "openai", "--json"], environment: ["OPENAI_API_KEY": "a\u{202E}b😀"])
            #expect(Self.isHarmless(json.text))
            let report = try JSONDecoder().decode([String: String].self, from: Data(json.output))
            #expect(report["value"] == "a\u{202E}b😀")
        }
    }

    private func check(_ tool: Tool, _ commands: [[String]]) async throws {
        let home = tool.folder.appendingPathComponent("home").path
        for command in commands {
            let run = try await tool.run(command, environment: ["XDG_CONFIG_HOME": home, "PATH": "/usr/bin:/bin"])
            #expect(Self.isHarmless(run.errors), "\(command[0]): \(String(reflecting: run.errors))")
            #expect(Self.isHarmless(run.text), "\(command[0]): \(String(reflecting: run.text))")
            #expect(!run.isBySignal)
        }
    }

    private static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar == "\n"
            case .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }
}
#endif
