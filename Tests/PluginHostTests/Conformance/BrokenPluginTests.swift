import Testing

@testable import KeyHooksTesting
@testable import PluginHost

/// For each rule a plugin that breaks it.
@Suite("Plugins that break a rule", .timeLimit(.minutes(5)))
struct BrokenPluginTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: ConformanceReport.Rule
        let plugin: ConformancePlugin
        var testDescription: String { rule.rawValue }

        /// A session plugin whose answer to each request is the body of a loop over `r`.
        static func session(_ rule: ConformanceReport.Rule, _ body: String, _ opening: String = "hello()") -> Case {
            let lines = body.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
            return Case(rule: rule, plugin: .python("\(opening)\nfor r in requests():\n\(lines)"))
        }
    }

    private static let pass = #"send({"type": "response", "id": r["id"], "ok": {"verdict": "proceed"}})"#
    private static let once = #"""
        read -r line
        id=$(printf '%s\n' "$line" | sed 's/.*"id":"\([^"]*\)".*/\1/')
        printf '{"type":"response","id":"%s","ok":{"verdict":"proceed"}}\n' "$id"

        """#

    static let cases: [Case] =
        [
            .session(.hello, pass, #"send({"type": "hello", "v": [1], "plugin": {"id": "other"}}); read()"#),
            .session(.hello, pass, "hello(versions=[2])"),
            .session(.answers, #"fault(r["id"], "internal")"#),
            .session(.answers, #"fault(r["id"], "no-such-kind")"#),
            .session(.answers, #"send({"type": "response", "id": r["id"], "ok": {"verdict": "keep"}})"#),
            .session(
                .answers,
                #"send({"type": "response", "id": r["id"], "ok": {"verdict": "finish", "result": {}}})"#
            ),
            .session(.unknownService, #"key(r["id"], "sk-0123456789abcdef")"#),
            .session(
                .unknownService,
                "if r['arguments']['service'] == 'openai': \(pass)\nelse: fault(r['id'], 'invalid-input')"
            ),
            .session(
                .unknownFields,
                "assert set(r) <= {'type','id','point','phase','deadline_ms','attempt','arguments'}\n\(pass)"
            ),
            .session(.answers, #"send({"type": "response", "id": "1", "ok": {"verdict": "proceed"}})"#),
            .session(.ids, #"send({"type": "response", "id": "17", "ok": {"verdict": "proceed"}})"#),
            .session(.ids, "\(pass)\n\(pass)"),
            .session(.inFlight, "import random\nif int(r['id'].split('-')[-1]) != 104: \(pass)"),
            .session(.cancel, "if r['type'] == 'request' and r['id'] != '1': \(pass)", #"hello(["cancel"])"#),
            .session(.batch, "if r['id'] != '22': \(pass)", #"hello(["batch"])"#),
            .session(.invalidate, pass, #"hello(["invalidate"])"#),
            .session(
                .progress,
                #"send({"type": "progress", "id": r["id"], "state": "working"})"# + "\n\(pass)"
            ),
            .session(
                .progress,
                #"send({"type": "progress", "id": "1", "state": "working"})"# + "\n\(pass)",
                #"hello(["progress"])"#
            ),
            .session(.progress, "if r['id'] == '31': sys.exit(9)\n\(pass)", #"hello(["progress"])"#),
            .session(.deadline, "time.sleep(2.6)\n\(pass)"),
            .session(.strictJSON, "print('looking it up', flush=True)\n\(pass)"),
            .session(
                .strictJSON,
                #"print("{type: 'response', id: '%s', ok: {verdict: 'proceed'}}" % r["id"], flush=True)"#
            ),
            .session(
                .secrecy,
                "print('got sk-0123456789abcdef', file=sys.stderr, flush=True)\nkey(r['id'], 'sk-0123456789abcdef')"
            ),
            .session(.folderUnchanged, "open(os.path.dirname(sys.argv[0]) + '/state', 'w').close()\n\(pass)"),
            Case(
                rule: .ends,
                plugin: .python(
                    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nhello()\nr = read()\n\(pass)\ntime.sleep(60)"
                )
            ),
            Case(rule: .exitStatus, plugin: .shell("\(once)exit 3")),
            Case(rule: .oneObject, plugin: .shell("\(once)echo done")),
            Case(rule: .strictJSON, plugin: .shell("echo start\n\(once)")),
        ]
        + ["write", "check-and-set", "list", "rotate", "health", "delete", "read"]
        .map { Case(rule: ConformanceReport.Rule(rawValue: $0)!, plugin: .manager(breaking: $0)) }

    @Test(arguments: cases)
    func isTold(_ example: Case) async throws {
        var plugin = example.plugin
        plugin.attempts = 1
        let report = try await plugin.check()
        #expect(report.broken.contains(example.rule), "\(report.summary)")
        #expect(!report.summary.contains("0123456789"))
    }

    struct Start: Sendable, CustomTestStringConvertible {
        let interpreter: String
        let body: String
        let words: String
        var testDescription: String { words }
    }

    @Test(
        arguments: [
            Start(
                interpreter: "/usr/bin/python33",
                body: "",
                words: "its interpreter '/usr/bin/python33' is not there"
            ),
            Start(
                interpreter: "/usr/bin/env python3",
                body: "import requests_of_nobody",
                words: "stderr: ModuleNotFoundError"
            ),
            Start(
                interpreter: "/usr/bin/env python3",
                body: "import os; os.environ['ACME_VAULT_TOKEN']",
                words: "ACME_VAULT_TOKEN is set here, and a plugin gets only the variables that 'environment'"
            ),
            Start(
                interpreter: "/usr/bin/env python3",
                body: "print({'type': 'hello', 'v': [1]}, flush=True); input()",
                words: "column 2: a single quote: JSON has double quotes only, and a JSON library writes them"
            ),
        ]
    )
    func `What keeps a plugin from saying hello is reported as what it is`(start: Start) async throws {
        var plugin = ConformancePlugin.python(start.body)
        plugin.interpreter = start.interpreter
        plugin.environment = ["ACME_VAULT_TOKEN": "x"]
        let report = try await plugin.check()
        #expect(report.broken.contains(.hello), "\(report.summary)")
        #expect(report.summary.contains(start.words), "\(report.summary)")
    }

    @Test func `Every rule has a plugin that breaks it`() {
        let covered = Set(Self.cases.map(\.rule)).union([.manifest, .files, .configuration])
        #expect(covered == Set(ConformanceReport.Rule.allCases))
    }

    @Test func `An entry that cannot be run breaks the rule of the files`() async throws {
        var plugin = ConformancePlugin.python("")
        plugin.manifest =
            "{id: 'test', version: '1', api: 1, entry: 'other', hooks: [{point: 'getAPIKey', phase: 'start'}]}"
        #expect(try await plugin.check().broken == [.files])
    }
}
