import Foundation
import KeyHooks
import Testing

@testable import PluginHost

@Suite("The examples of the documentation", .timeLimit(.minutes(5)))
struct DocumentedExamplesTests {
    /// The code block of a language on the protocol's page.
    private func block(_ language: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let page = root.appendingPathComponent("Sources/PluginHost/Documentation.docc/The-plugin-protocol.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.range(of: "```\(language)\n"))
        let end = try #require(text.range(of: "```\n", range: start.upperBound..<text.endIndex))
        return String(text[start.upperBound..<end.lowerBound])
    }

    @Test("They answer as they say", arguments: [("sh", "oneshot"), ("python", "session")])
    func run(language: String, mode: String) async throws {
        try await withPlugins { fixture in
            let manifest = """
                {id: 'example', version: '1', api: 1, entry: './run', mode: '\(mode)',
                 timeouts: {hello_ms: 30000, request_ms: 30000},
                 hooks: [{point: 'getAPIKey', phase: 'start', services: ['openai', 'azure']}]}
                """
            let place = try fixture.plugin("example", in: fixture.user, manifest: manifest)
            try fixture.write("\(place)/run", try block(language), mode: 0o755)
            try fixture.write("\(place)/keys/openai", "sk-example\n")
            try await withHost(fixture) { resolver, _ in
                let key = try await resolver.value("openai")
                #expect(key == "sk-example")
                let other = try await resolver.value("azure")
                #expect(other == "sk-azure")
            }
        }
    }
}
