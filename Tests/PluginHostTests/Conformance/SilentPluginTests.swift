import Testing

@testable import KeyHooksTesting
@testable import PluginHost

/// A check says what happened, and once for each cause.
@Suite("Plugins that answer nothing, or end", .timeLimit(.minutes(5)))
struct SilentPluginTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let plugin: ConformancePlugin
        let rule: ConformanceReport.Rule
        let words: String
        var testDescription: String { words }

        init(_ rule: ConformanceReport.Rule, _ words: String, _ plugin: ConformancePlugin) {
            (self.rule, self.words, self.plugin) = (rule, words, plugin)
        }

        func started(by interpreter: String) -> Case {
            var plugin = plugin
            plugin.interpreter = interpreter
            return Case(rule, words, plugin)
        }
    }

    private static let hanging: ConformancePlugin = {
        var plugin = ConformancePlugin.shell("exec sleep 60")
        plugin.manifest =
            "{id: 'test', version: '1', api: 1, entry: 'run', mode: 'oneshot', timeouts: {request_ms: 300},"
            + "hooks: [{point: 'getAPIKey', phase: 'start'}]}"
        return plugin
    }()

    @Test(
        arguments: [
            Case(.hello, "it ended with status 3 before it said hello", .python("sys.exit(3)")),
            Case(.answers, "it ended with status 3 instead of answering", .python("hello(); read(); sys.exit(3)")),
            Case(.answers, "it ended with status 3 instead of answering", .shell("exit 3")),
            Case(
                .answers,
                #"it ended with status 0 and wrote nothing; a plugin that has no key answers {"verdict":"proceed"}"#,
                .shell("exit 0")
            ),
            Case(.answers, "it did not end within 0.3 seconds (timeouts.request_ms of its plugin.json)", hanging),
            Case(
                .hello,
                "status 127 before it said hello: its first line asks for 'python9', which isn't on PATH",
                .python("")
            )
            .started(by: "/usr/bin/env python9"),
            Case(.answers, "its first line asks for 'python9', which isn't on PATH", .shell(""))
                .started(by: "/usr/bin/env python9"),
            Case(
                .files,
                #"names the interpreter '/usr/bin/env python3\r', which does not exist"#,
                .shell("")
            )
            .started(by: "/usr/bin/env python3\r"),
            Case(.files, "carriage return, as on Windows): save it with LF line ends", .shell(""))
                .started(by: "/bin/sh\r"),
        ]
    )
    func `One cause is one broken rule, and those after it are not run`(example: Case) async throws {
        let report = try await example.plugin.check()
        #expect(report.broken == [example.rule], "\(report.summary)")
        #expect(report.reason(example.rule).contains(example.words), "\(report.summary)")
        for rule in [ConformanceReport.Rule.unknownService, .ids, .deadline] {
            let why = example.rule == .files ? "it is not in order" : "it answers nothing"
            #expect(report.reason(rule) == "not run, since \(why)", "\(report.summary)")
        }
    }

    private static let pass = #"send({"type": "response", "id": r["id"], "ok": {"verdict": "proceed"}})"#

    @Test(
        arguments: [
            Case(
                .ends,
                "it was ended by signal 11 when its standard input was closed",
                .python(
                    """
                    hello()
                    for line in sys.stdin:
                        r = json.loads(line)
                        \(pass)
                    os.kill(os.getpid(), signal.SIGSEGV)
                    """
                )
            ),
            Case(
                .ends,
                "it ended with status 4 before its standard input was closed",
                .python("hello(); r = read(); \(pass); sys.exit(4)")
            ),
            Case(
                .progress,
                "it ended with status 9 instead of answering",
                .python("hello(['progress'])\nfor r in requests():\n    if r['id'] == '31': sys.exit(9)\n    \(pass)")
            ),
            Case(
                .answers,
                #"its 'key' is empty; a plugin that has no key answers {"verdict":"proceed"}"#,
                .python("hello()\nfor r in requests(): key(r['id'], '')")
            ),
        ]
    )
    func `A broken rule says how it came about`(example: Case) async throws {
        let report = try await example.plugin.check()
        #expect(report.broken.contains(example.rule), "\(report.summary)")
        #expect(report.reason(example.rule) == example.words, "\(report.summary)")
    }

    @Test func `A plugin that announces no progress breaks no rule about it, whatever else it does`() async throws {
        let body = "hello()\nfor r in requests():\n    if r['id'] == '31': sys.exit(9)\n    \(Self.pass)"
        let report = try await ConformancePlugin.python(body).check()
        #expect(report.outcome(.progress) == .notApplicable, "\(report.summary)")
        #expect(report.reason(.progress) == "it does not announce 'progress'")
    }
}

extension ConformanceReport {
    fileprivate func reason(_ rule: ConformanceReport.Rule) -> String {
        entries.first { $0.rule == rule }?.reason ?? ""
    }
}
