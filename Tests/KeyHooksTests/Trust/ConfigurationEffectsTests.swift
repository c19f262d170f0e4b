import FuzzSupport
import KeyHooks
import OpenBao
import Testing

@Suite("What a configuration would do, in words")
struct ConfigurationEffectsTests {
    private func lines(_ text: String) throws -> [String] {
        let configuration = try KeyConfiguration.parse(
            Array(text.utf8),
            path: "/keyhooks.json",
            ConfigurationReading(defaultFile: nil)
        )
        return ConfigurationEffects(of: configuration, plugins: [OpenBaoPlugin.self]).lines
    }

    @Test(
        "Each setting is reported",
        arguments: [
            ("{}", ["decides nothing"]),
            (
                "{plugins: {openbao: {address: ['http://a', 'https://b'], path: 'p'}}}",
                [
                    "sends the token of BAO_TOKEN, or of ~/.vault-token, to http://a",
                    "sends the token of BAO_TOKEN, or of ~/.vault-token, to https://b",
                    "tells plugin openbao: path = \"p\"",
                ]
            ),
            (
                "{plugins: {openbao: {path: 'p', token: 'env:AWS_SECRET_ACCESS_KEY'}}}",
                [
                    "sends what is in the variable AWS_SECRET_ACCESS_KEY, as a token, to the server that BAO_ADDR names",
                    "tells plugin openbao: path = \"p\"",
                ]
            ),
            (
                "{plugins: {openbao: {path: 'p', address: 'http://a', token: 'file:~/.npmrc'}}}",
                [
                    "sends what is in the file '~/.npmrc', as a token, to http://a",
                    "tells plugin openbao: path = \"p\"",
                ]
            ),
            (
                "{plugins: {openbao: {path: 'p', address: 'http://a',"
                    + " appRole: {roleID: 'env:GITHUB_TOKEN', secretID: 'file:~/.pgpass'}}}}",
                [
                    "sends the role id of the variable GITHUB_TOKEN and the secret id of the file '~/.pgpass' to http://a",
                    "tells plugin openbao: path = \"p\"",
                    "tells plugin openbao: appRole.roleID = \"env:GITHUB_TOKEN\"",
                    "tells plugin openbao: appRole.secretID = \"file:~/.pgpass\"",
                ]
            ),
            (
                "{plugins: {command: {commands: {'*': ['sh', '-c', 'id; true']}, n: 3}}}",
                [
                    "runs `sh -c 'id; true'` through plugin command, as 'commands.*'", "tells plugin command: n = 3",
                ]
            ),
            ("{plugins: {acme: {}}}", ["tells plugin acme: {}"]),
            (
                "{envFiles: ['../x/.env', '/etc/y'], envPrecedence: 'files', pluginPath: 'Plugins', hookOrder: ['a', 'b/c']}",
                [
                    "looks for plugins in /Plugins", "reads variables from /../x/.env", "reads variables from /etc/y",
                    "lets .env files win over the process environment", "pins the order of hooks: a, b/c",
                ]
            ),
            (
                "{providers: {openai: {env: ['AWS_SECRET_ACCESS_KEY'], plugins: [], ttl: '30s', fallback: 'unavailable'}}}",
                [
                    "takes the key of 'openai' from AWS_SECRET_ACCESS_KEY", "asks no plugin for 'openai'",
                    "lets a weaker source answer for 'openai' while a plugin's can't be reached",
                    "keeps the key of 'openai' for 30.0 seconds",
                ]
            ),
            (
                "{providers: {mine: {constant: 'local', aliases: ['m'], required: true, fallback: 'never', plugins: ['a']},"
                    + " ollama: {notRequired: true, env: []}}}",
                [
                    "gives 'mine' a key that stands in the file (sha256 25bf8e1a2393)", "asks only a for 'mine'",
                    "lets no weaker source answer for 'mine'", "says that 'mine' needs a key",
                    "calls 'mine' 'm' as well",
                    "takes the key of 'ollama' from no variable", "says that 'ollama' needs no key",
                ]
            ),
            (
                "{plugins: {openbao: {path: 'p'}}, profiles: {prod: {providers: {groq: {openbao: {path: 'q'}}}}}}",
                [
                    "sends the token of BAO_TOKEN, or of ~/.vault-token, to the server that BAO_ADDR names",
                    "tells plugin openbao: path = \"p\"",
                    "tells plugin openbao about 'groq': path = \"q\", under profile prod",
                ]
            ),
        ]
    )
    func told(text: String, expected: [String]) throws {
        #expect(try lines(text) == expected)
    }

    @Test("What changed is reported in the same words")
    func changes() throws {
        let before = try lines("{plugins: {openbao: {address: 'https://real', path: 'p'}}}")
        let text = "{plugins: {openbao: {address: 'http://evil', path: 'p'}}}"
        let configuration = try KeyConfiguration.parse(
            Array(text.utf8),
            path: "k",
            ConfigurationReading(defaultFile: nil)
        )
        let now = ConfigurationEffects(of: configuration, plugins: [OpenBaoPlugin.self])
        #expect(
            now.changes(since: before) == [
                "+ sends the token of BAO_TOKEN, or of ~/.vault-token, to http://evil",
                "- sends the token of BAO_TOKEN, or of ~/.vault-token, to https://real",
            ]
        )
        #expect(now.changes(since: now.lines).isEmpty)
    }

    /// What was said of both versions must differ wherever the versions do.
    @Test(
        "No change looks like none",
        arguments: [
            ("'x'", "'y'"), ("'a \(blanks)b'", "'a \(blanks) b'"), ("'caf\u{E9}'", "'cafe\u{301}'"),
            ("'\(long)a'", "'\(long)b'"), ("'https://u:a@h/'", "'https://u:b@h/'"),
        ]
    )
    func differences(first: String, second: String) throws {
        let forms = [
            "{plugins: {command: {commands: {'*': ['sh', VALUE]}}}}", "{plugins: {command: {command: VALUE}}}",
            "{plugins: {acme: {setting: VALUE}}}", "{plugins: {acme: {password: VALUE}}}",
            "{plugins: {acme: {\(many), command: VALUE}}}", "{plugins: {acme: {\(many), setting: VALUE}}}",
            "{envFiles: VALUE}", "{pluginPath: VALUE}",
            "{plugins: {openbao: {path: 'p', token: 'env:T', address: 'https://h', field: VALUE}}}",
            "{plugins: {openbao: {path: 'p', address: 'https://h/tok/1'}, acme: {x: VALUE}}}",
            "{profiles: {VALUE: {providers: {openai: {env: []}}}}}",
        ]
        // A name has at most 1024 bytes.
        for form in forms where !form.contains("{VALUE:") || first.utf8.count < 1024 {
            let before = try lines(form.replacing("VALUE", with: first))
            let text = form.replacing("VALUE", with: second)
            let now = ConfigurationEffects(
                of: try KeyConfiguration.parse(Array(text.utf8), path: "k", ConfigurationReading(defaultFile: nil)),
                plugins: [OpenBaoPlugin.self]
            )
            #expect(!now.changes(since: before).isEmpty, "\(form)")
        }
    }

    @Test("A key that stands in the file is reported apart from others without being shown")
    func constants() throws {
        let told = try ["lm-studio", "lm-studia"].map { try lines("{providers: {openai: {constant: '\($0)'}}}") }
        #expect(told[0] != told[1] && !told.joined().joined().contains("studi"))
    }

    private static let blanks = String(repeating: " ", count: 3000)
    private static let long = String(repeating: "x", count: 5000)
    private var many: String { (0..<1200).map { "m\($0): 1" }.joined(separator: ", ") }

    @Test("What is grave comes first, however much else there is, and nothing secret is shown")
    func grave() throws {
        let told = try lines(
            "{plugins: {aaa: {\(many)}, acme: {password: 'Tr0ub4dor-and-3', url: 'https://u:hunter2@db/x', key: 'env:X',"
                + " command: 'evil'}, openbao: {path: 'p', address: 'https://a.example/tok/hvs.CAES'}}}"
        )
        #expect(told[0] == "runs `evil` through plugin acme, as command")
        #expect(
            told[1].hasPrefix("sends the token of BAO_TOKEN, or of ~/.vault-token, to https://a.example:443/… (sha256 ")
        )
        #expect(
            told.count == 2 + 1000 + 1 && told.last?.hasPrefix("does 204 more things: read the file itself") == true
        )
        let few = try lines(
            "{plugins: {acme: {password: 'Tr0ub4dor-and-3', url: 'https://u:hunter2@db/x', key: 'env:X'}}}"
        )
        #expect(few[0].hasPrefix("tells plugin acme: password = 15 characters (sha256 "))
        #expect(few[1].hasPrefix("tells plugin acme: url = \"https://…@db/x\" (sha256 "))
        #expect(few[2] == "tells plugin acme: key = \"env:X\"")
        #expect(!told.joined().contains("Tr0ub4dor") && !told.joined().contains("hvs."))
    }

    @Test("Deep and long names take four times as long for four times as much")
    func cost() throws {
        func time(_ count: Int) throws -> Duration {
            var text = "{\((0..<count).map { "m\($0): 1" }.joined(separator: ", "))}"
            for _ in 0..<60 { text = "{\(String(repeating: "n", count: 500)): \(text)}" }
            let configuration = try KeyConfiguration.parse(
                Array("{plugins: {acme: \(text)}}".utf8),
                path: "k",
                ConfigurationReading(defaultFile: nil)
            )
            return (0..<3)
                .map { _ in
                    let start = threadTime
                    #expect(ConfigurationEffects(of: configuration).lines.count == 1001)
                    return threadTime - start
                }
                .min() ?? .zero
        }
        // What is shown costs the same for both.
        #expect(try time(40_000) < time(10_000) * 5)
    }

    @Test("A name cannot pass for words, and blanks push nothing out of sight")
    func shaped() throws {
        let text = "{pluginPath: 'plugs, and nothing else', plugins: {acme: {'command` x': 'a\(Self.blanks)b'}}}"
        let told = try lines(text)
        #expect(told[0].hasPrefix("runs `a[3000 blanks]b (sha256 ") && told[0].hasSuffix("as 'command` x'"))
        #expect(told[1] == "looks for plugins in '/plugs, and nothing else'")
    }

    @Test("Nothing in it acts on a terminal, and it has an end")
    func safe() throws {
        let lines = try lines(
            #"{envFiles: "x\u001b]0;pwned\u0007", plugins: {command: {commands: {"a\u202e": ["\u001b[2J"]}}}}"#
        )
        #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E } })
        let long = String(repeating: "; true", count: 1000) + "; evil"
        let command = try self.lines("{plugins: {command: {commands: {'*': ['sh', '-c', '\(long)']}}}}")
        #expect(command[0].contains("… and ") && command[0].contains(" more characters: read the file"))
        let many = (0..<5000).map { "p\($0): {notRequired: true}" }.joined(separator: ", ")
        let told = try self.lines("{providers: {\(many)}}")
        #expect(told.count == 1001 && told.last?.hasPrefix("does 4000 more things: read the file itself") == true)
    }
}
