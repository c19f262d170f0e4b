import Foundation
import Testing

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
        #expect(report.entries.map(\.rule) == ConformanceRule.allCases)
        let skipped = report.entries.filter { $0.outcome == .notApplicable }.map(\.rule)
        #expect(skipped == [.exitStatus, .oneObject], "\(report.summary)")
        #expect(!report.summary.contains("0123456789"))
    }

    @Test func `A good plugin without capabilities passes too`() async throws {
        let report = try await ConformancePlugin.python("hello()\n" + Self.answer).check()
        #expect(report.isConforming, "\(report.summary)")
        for rule in [ConformanceRule.cancel, .batch, .invalidate, .progress] {
            #expect(report.outcome(rule) == .notApplicable)
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

    @Test func `A section that is demanded and not there is told`() async throws {
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
        await #expect(throws: PluginManagementError.self) { try await PluginConformance().check("/nonexistent/x") }
    }
}
