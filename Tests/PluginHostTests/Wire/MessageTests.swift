import Foundation
import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

@Suite("Messages")
struct MessageTests {
    /// The host's messages on the contract's page.
    @Test("The host's messages are those of the contract")
    func host() throws {
        var launch = PluginLaunch(id: "acme.vault", executable: "/x", folder: "/")
        launch.configuration = .object(["address": .string("https://…")])
        let initialize = HostMessage.initialize(
            launch,
            capabilities: [.batch, .cancel],
            SessionLimits()
        )
        #expect(
            try text(initialize)
                == #"{"type":"init","v":1,"host":{"name":"keyhooks","version":"0.1.0"},"capabilities":["batch","cancel"],"interactive":"never","config":{"address":"https://…"},"limits":{"line_bytes":1048576,"in_flight":8}}"#
        )
        let request = PluginRequest(
            point: "getAPIKey",
            arguments: .object(["service": .string("openai"), "scope": .object(["project": .string("p1")])])
        )
        #expect(
            try text(request.message(id: "17", deadline: .milliseconds(4800)))
                == #"{"type":"request","id":"17","point":"getAPIKey","phase":"start","deadline_ms":4800,"attempt":1,"arguments":{"service":"openai","scope":{"project":"p1"}}}"#
        )
        #expect(try text(HostMessage.cancel(id: "17")) == #"{"type":"cancel","id":"17"}"#)
        let refusal = HostMessage.invalidate(
            point: "getAPIKey",
            arguments: .object(["service": .string("openai")]),
            reason: "rejected"
        )
        #expect(
            try text(refusal)
                == #"{"type":"invalidate","point":"getAPIKey","arguments":{"service":"openai"},"reason":"rejected"}"#
        )
    }

    private func text(_ node: JSONNode) throws -> String { String(decoding: try node.jsonBytes(), as: UTF8.self) }

    @Test(
        "The answers of the contract are understood",
        arguments: [
            (#"{"verdict":"proceed"}"#, "proceed"),
            (#"{"verdict":"proceed","arguments":{"service":"azure"}}"#, "proceed with azure"),
            (#"{"verdict":"finish","result":{"key":"sk-1"},"unknown":[1]}"#, "key sk-1"),
            (#"{"verdict":"finish","result":{"not_required":true}}"#, "key ?"),
            (#"{"verdict":"keep"}"#, "keep"),
            (#"{"verdict":"replace","outcome":{}}"#, "replace"),
        ]
    )
    func answers(ok: String, summary: String) throws {
        #expect(try answer(#"{"type":"response","id":"17","more":null,"ok":\#(ok)}"#).summary == summary)
    }

    private func answer(_ line: String) throws -> PluginAnswer {
        guard case .response("17", let response) = try PluginMessage(line: Array(line.utf8)[...]) else {
            throw PluginMessage.Violation(problem: "no response")
        }
        return try response.answer(plugin: "test", mask: SecretRedactor())
    }

    @Test("What an answer says about itself is kept")
    func provenance() throws {
        let line = #"""
            {"type":"response","id":"17","ok":{"verdict":"finish","result":{"key":"sk-…"},"cache":{"ttl_ms":300000,"expires_at":"2026-11-21T03:00:00Z"},"provenance":{"source":"vault.example/secret/ai","version":"7"}}}
            """#
        guard case .finish(let result) = try answer(line) else { throw PluginMessage.Violation(problem: "no result") }
        #expect(result.source == "vault.example/secret/ai")
        #expect(result.version == "7")
        #expect(result.cache?.timeToLive == .seconds(300))
        #expect(result.cache?.expiresAt == Date(timeIntervalSince1970: 1_795_230_000))
    }

    @Test(
        "What is not found is an answer, whatever is unknown is not",
        arguments: [
            ("not-found", "not found"), ("not-mine", "not mine"), ("permission-denied", "permission-denied"),
            ("unavailable", "unavailable"), ("not-here", "internal"), ("crashed", "internal"), ("", "internal"),
        ]
    )
    func kinds(kind: String, meaning: String) throws {
        do {
            let line = #"{"type":"response","id":"17","error":{"kind":"\#(kind)","message":"m","retry_after_ms":1500}}"#
            #expect(try answer(line).summary == meaning)
        } catch let error as PluginError {
            #expect(error.kind.rawValue == meaning)
            #expect(error.origin == .plugin)
            #expect(error.retryAfter == .milliseconds(1500))
        }
    }

    @Test("An absence is kept only as long as the plugin says")
    func absence() throws {
        let line = #"{"type":"response","id":"17","error":{"kind":"not-found","cache":{"ttl_ms":1000}}}"#
        guard case .notFound(let cache) = try answer(line) else { throw PluginMessage.Violation(problem: "found") }
        #expect(cache?.timeToLive == .seconds(1))
    }

    @Test(
        "A hello's versions and capabilities are read, those that nobody knows are left out"
    )
    func hello() throws {
        let line = #"{"type":"hello","v":[1,"x",2.0],"plugin":{"id":"a"},"capabilities":["batch","fly",7]}"#
        guard case .hello(let hello) = try PluginMessage(line: Array(line.utf8)[...]) else { return }
        #expect(hello.versions == [1, 2])
        #expect(hello.capabilities == [.batch])
        #expect(hello.id == "a")
    }

    @Test(
        "What is no message is refused",
        arguments: [
            "", "null", "[]", "{}", #"{"type":7}"#, #"{"type":"hello"}"#,
            #"{"type":"response","ok":{"verdict":"keep"}}"#,
            #"{"type":"response","id":"1"}"#, #"{"type":"response","id":"1","ok":{"verdict":"finish"}}"#,
            #"{"type":"response","id":"1","ok":{"verdict":"replace"}}"#, #"{"type":"response","id":"1","error":{}}"#,
            #"{"type":"progress","state":"x"}"#, #"{"type":"response","id":"1","ok":{"verdict":"keep"}"#,
            #"{"type":"progress","id":"1"} {"type":"progress","id":"1"}"#, String(repeating: "[", count: 5000),
        ]
    )
    func refused(line: String) {
        #expect(throws: PluginMessage.Violation.self) { try PluginMessage(line: Array(line.utf8)[...]) }
    }
}
