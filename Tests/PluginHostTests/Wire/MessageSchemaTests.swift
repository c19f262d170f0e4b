import Foundation
import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

/// The schema for authors of plugins and the host say the same.
@Suite("The schema of messages")
struct MessageSchemaTests {
    private func mistakes(in node: JSONNode) throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let schema = try Data(contentsOf: root.appendingPathComponent("Sources/PluginHost/Schema/messages.schema.json"))
        return try JSONSchema.parse(schema, path: .root).mistakes(in: node, at: .root).map(\.description)
    }

    @Test("It takes every example of the contract", arguments: MessageExamples.ofPlugins + MessageExamples.ofTheHost)
    func examples(line: String) throws {
        #expect(try mistakes(in: node(line)) == [])
    }

    @Test("The host understands every example of a plugin's message", arguments: MessageExamples.ofPlugins)
    func understood(line: String) throws {
        #expect(throws: Never.self) { try PluginMessage(line: Array(line.utf8)[...]) }
    }

    @Test("It refuses what the host refuses", arguments: MessageExamples.refused)
    func refused(line: String) throws {
        #expect(throws: PluginMessage.Violation.self) {
            let message = try PluginMessage(line: Array(line.utf8)[...])
            if case .response(_, let response) = message { try response.check(for: .start) }
        }
        #expect(try !mistakes(in: node(line)).isEmpty)
    }

    @Test("It takes what the host sends")
    func host() throws {
        let launch = PluginLaunch(id: "acme", executable: "/x", folder: "/")
        let initialize = HostMessage.initialize(launch, capabilities: [.batch], SessionLimits())
        let arguments = JSONNode.object(["service": .string("openai")])
        let refusal = HostMessage.invalidate(point: "getAPIKey", arguments: arguments, reason: "rejected")
        for message in [initialize, HostMessage.cancel(id: "1"), refusal] { #expect(try mistakes(in: message) == []) }
        for operation in SecretOperation.allCases {
            let arguments = [("name", JSONNode.string("a")), ("if", JSONNode(SecretCondition.isAbsent))]
            let request = PluginRequest(operation, arguments, parameters: ["namespace": "b"])
            #expect(try mistakes(in: request.message(id: "1", deadline: .seconds(1))) == [])
        }
        for point in PluginManifest.Hook.Point.allCases {
            let scope = KeyScope(profile: "prod", project: "p", tenant: "t", purpose: "x")
            let question = PluginQuestion(
                point: point,
                service: "azure",
                field: "endpoint",
                scope: scope,
                settings: nil
            )
            let start = question.request(.start).message(id: "1", deadline: .milliseconds(1))
            #expect(try mistakes(in: start) == [])
            let outcome = JSONNode.object(["status": .string("absent")])
            let end = question.request(.end, outcome: outcome).message(id: "2", deadline: .seconds(5))
            #expect(try mistakes(in: end) == [])
            let found = JSONNode.object(["status": .string("found"), "result": .object(["key": .string("k")])])
            var once = question.request(.end, outcome: found)
            once.settings = (.object(["address": .string("a")]), "never")
            #expect(try mistakes(in: once.message(id: "3", deadline: .seconds(5))) == [])
            var batch = BatchLine(limit: 1 << 20, isOpen: true)
            for request in [start, end] { _ = batch.add(try request.jsonBytes()) }
            let line = batch.finish()
            #expect(try mistakes(in: JSONParser.parse(#require(line))) == [])
        }
    }
}
