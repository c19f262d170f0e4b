import Foundation
import KeyHooks
import Testing

@testable import KeyHooksTesting
@testable import PluginHost

@Suite("Conformance", .timeLimit(.minutes(5)))
struct ConformanceTests {
    private static let answer = """
        for r in requests():
            if r["type"] != "request": continue
            s = r["arguments"]["service"]
            if s == "openai": key(r["id"], "sk-0123456789abcdef")
            else: fault(r["id"], "not-mine")
        """

    @Test func `A good session plugin passes every rule`() async throws {
        let report =
            try await ConformancePlugin.python(
                #"hello(["batch", "cancel", "invalidate", "progress"])"# + "\n" + Self.answer
            )
            .check()
        #expect(report.broken.isEmpty, "\(report.summary)")
        #expect(report.isConforming && report.id == "test")
        #expect(report.entries.map(\.rule) == ConformanceReport.Rule.allCases)
        let skipped = report.entries.filter { $0.outcome == .notApplicable }.map(\.rule)
        let ofSecrets: [ConformanceReport.Rule] = [.read, .write, .checkAndSet, .list, .rotate, .health, .delete]
        #expect(skipped == [.exitStatus, .oneObject] + ofSecrets, "\(report.summary)")
        #expect(!report.summary.contains("0123456789"))
    }

    @Test func `A good plugin without capabilities passes too`() async throws {
        let report = try await ConformancePlugin.python("hello()\n" + Self.answer).check()
        #expect(report.isConforming, "\(report.summary)")
        for rule in [ConformanceReport.Rule.cancel, .batch, .invalidate, .progress] {
            #expect(report.outcome(rule) == .notApplicable)
        }
    }

    @Test func `Inside of a plugin no check is run, which may be of that plugin`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("a", in: plugins.user)
            let conformance = PluginConformance(environment: ["PATH": "/usr/bin:/bin", "KEYHOOKS_PLUGIN": "1"])
            let error = await #expect(throws: KeyResolutionError.self) { _ = try await conformance.check(place) }
            #expect(error?.message.contains("KEYHOOKS_PLUGIN is set") == true)
            #expect(!plugins.exists(plugins.mark))
        }
    }

    @Test func `A good one-shot plugin passes every rule`() async throws {
        let body = #"""
            read -r line
            id=$(printf '%s\n' "$line" | sed 's/.*"id":"\([^"]*\)".*/\1/')
            case $line in
                *'"service":"openai"'*) ok='{"verdict":"finish","result":{"key":"sk-0123456789abcdef"}}' ;;
                *) ok='{"verdict":"proceed"}' ;;
            esac
            printf '{"type":"response","id":"%s","ok":%s}\n' "$id" "$ok"
            """#
        let report = try await ConformancePlugin.shell(body).check()
        #expect(report.isConforming, "\(report.summary)")
        #expect(report.outcome(.exitStatus) == .passed && report.outcome(.hello) == .notApplicable)
    }

    @Test func `A one-shot plugin gets its section`() async throws {
        var plugin = ConformancePlugin.shell(
            #"""
            read -r line
            id=$(printf '%s\n' "$line" | sed 's/.*"id":"\([^"]*\)".*/\1/')
            case $line in *'"config":{"address":"a"}'*) kind=not-mine ;; *) kind=internal ;; esac
            printf '{"type":"response","id":"%s","error":{"kind":"%s"}}\n' "$id" "$kind"
            """#
        )
        plugin.manifest = """
            {id: 'test', version: '1', api: 1, entry: 'run', mode: 'oneshot', hooks: [{point: 'getAPIKey', phase: 'start'}],
             configuration: {type: 'object', required: ['address'], examples: [{address: 'a'}]}}
            """
        let report = try await plugin.check()
        #expect(report.isConforming, "\(report.summary)")
    }

    @Test func `A plugin that greets once and then dies is not conforming`() async throws {
        try await withPlugins { plugins in
            let body = """
                if os.path.exists('\(plugins.root)/once'): sys.exit(1)
                open('\(plugins.root)/once', 'w').close()
                hello()
                """
            let report = try await ConformancePlugin.python(body).check()
            #expect(report.outcome(.hello) == .passed)
            #expect(report.broken.contains(.answers), "\(report.summary)")
        }
    }

    @Test func `Without a hello nothing else is tried`() async throws {
        let report = try await ConformancePlugin.python("sys.exit(1)").check()
        #expect(report.broken == [.hello], "\(report.summary)")
    }

    @Test func `An answer that is none is reported as what it is, at once`() async throws {
        let plugin = ConformancePlugin.python(
            """
            hello()
            for r in requests(): send({"type": "response", "id": r["id"], "ok": {"verdict": "done"}})
            """
        )
        let report = try await plugin.check()
        #expect(
            report.summary.contains("an answer with an unknown verdict: expected one of finish"),
            "\(report.summary)"
        )
        #expect(!report.summary.contains("no answer came"))
        // One cause is one thing to fix.
        #expect(report.broken == [.answers], "\(report.summary)")
        let others = report.entries.filter { [.unknownService, .unknownFields, .ids, .deadline].contains($0.rule) }
        #expect(others.allSatisfy { $0.outcome == .notApplicable && $0.reason.hasSuffix("same reason as 'answers'") })
    }

    @Test(arguments: ["internal", "not_found"])
    func `A fault that is reported for every service is one cause`(kind: String) async throws {
        let body = "hello()\nfor r in requests(): fault(r['id'], '\(kind)')"
        let report = try await ConformancePlugin.python(body).check()
        #expect(report.broken == [.answers], "\(report.summary)")
        let other =
            try await ConformancePlugin.python(
                """
                hello()
                for r in requests():
                    if r['arguments']['service'] == 'openai': send({"type": "response", "id": r["id"], "ok": {"verdict": "proceed"}})
                    else: fault(r['id'], '\(kind)')
                """
            )
            .check()
        #expect(other.broken == [.unknownService], "\(other.summary)")
    }

    @Test func `A deadline that was missed is not forgotten for a process that dies`() async throws {
        try await withPlugins { plugins in
            let body = """
                count = '\(plugins.root)/count'
                if os.path.exists(count) and os.path.getsize(count) == 2: sys.exit(1)
                hello()
                for r in requests():
                    if r['deadline_ms'] == 2000:
                        with open(count, 'a') as counts: counts.write('x')
                        time.sleep(2.6)
                    send({"type": "response", "id": r["id"], "ok": {"verdict": "proceed"}})
                """
            let report = try await ConformancePlugin.python(body).check()
            #expect(report.broken.contains(.deadline), "\(report.summary)")
        }
    }

    @Test func `A check that is ended says so instead of judging`() async throws {
        try await withPlugins { plugins in
            let place = "\(plugins.root)/plugin"
            let hooks = "[{point: 'getAPIKey', phase: 'start'}]"
            try plugins.write(
                "\(place)/plugin.json",
                "{id: 'test', version: '1', api: 1, entry: 'run', hooks: \(hooks)}"
            )
            try install(
                "#!/usr/bin/env python3\n\(Script.preamble)open('\(plugins.root)/begun', 'w').close(); time.sleep(60)\n",
                at: "\(place)/run"
            )
            let conformance = PluginConformance(environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
            async let report = conformance.check(place)
            try await until { plugins.exists("\(plugins.root)/begun") }
            await conformance.shutdown()
            do {
                _ = try await report
                Issue.record("it was judged")
            } catch let error as KeyResolutionError {
                #expect(error.code == .pluginFailed && error.message.contains("ended before it was over"))
            }
        }
    }

    @Test func `An end hook is asked with an outcome`() async throws {
        var plugin = ConformancePlugin.python(
            """
            hello()
            for r in requests():
                assert r["phase"] == "end" and r["outcome"]["status"]
                send({"type": "response", "id": r["id"], "ok": {"verdict": "keep"}})
            """
        )
        plugin.manifest =
            "{id: 'test', version: '1', api: 1, entry: 'run', hooks: [{point: 'getSecret', phase: 'end'}]}"
        let report = try await plugin.check()
        #expect(report.isConforming, "\(report.summary)")
    }

    @Test func `A plugin that is not in order is not run`() async throws {
        var plugin = ConformancePlugin.python("hello()")
        plugin.manifest = "{id: 'test'}"
        let report = try await plugin.check()
        #expect(report.broken == [.manifest], "\(report.summary)")
        #expect(report.outcome(.answers) == .notApplicable)
    }

    @Test func `A section that is demanded and not there is reported`() async throws {
        var plugin = ConformancePlugin.python("hello()")
        plugin.manifest = """
            {id: 'test', version: '1', api: 1, entry: 'run', hooks: [{point: 'getAPIKey', phase: 'start'}],
             configuration: {type: 'object', required: ['address']}}
            """
        #expect(try await plugin.check().broken == [.configuration])
    }

    @Test func `The first example of the schema stands in for a section`() async throws {
        var plugin = ConformancePlugin.python(
            """
            section = hello()["config"]
            for r in requests():
                if r["type"] == "request": fault(r["id"], "not-mine" if section == {"address": "a"} else "internal")
            """
        )
        plugin.manifest = """
            {id: 'test', version: '1', api: 1, entry: 'run', hooks: [{point: 'getAPIKey', phase: 'start'}],
             configuration: {type: 'object', required: ['address'], examples: [{address: 'a'}, {address: 'b'}]}}
            """
        let report = try await plugin.check()
        #expect(report.isConforming, "\(report.summary)")
    }

    @Test func `Of standard error no more is kept than has room`() {
        let transcript = ConformanceTranscript()
        let bytes = [UInt8](repeating: UInt8(ascii: "e"), count: 1_000_000)
        for _ in 1...6 { transcript.add(errors: bytes[...]) }
        #expect(transcript.errorCount == ConformanceTranscript.errorLimit)
    }

    @Test func `A folder that is not there is an error`() async throws {
        await #expect(throws: KeyResolutionError.self) { try await PluginConformance().check("/nonexistent/x") }
    }
}
