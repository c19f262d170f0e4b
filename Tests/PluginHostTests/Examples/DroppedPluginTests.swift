import Foundation
import KeyHooks
import Testing

@testable import PluginHost

/// The plugin of the article, taken from it as it stands.
@Suite("The plugin of the article that is dropped in")
struct DroppedPluginTests {
    @Test("It answers for its services, and is asked once a minute")
    func dropped() async throws {
        try await withPlugins { fixture in
            let place = "\(fixture.user)/acme"
            // Other tests may have the machine for longer than it takes by default.
            let manifest = try block("json", containing: "acme.sh")
                .replacingOccurrences(of: #""api": 1,"#, with: #""api": 1, "timeouts": { "request_ms": 60000 },"#)
            try fixture.write("\(place)/plugin.json", manifest)
            try fixture.write("\(place)/acme.sh", try block("sh", containing: "sk-from-acme"), mode: 0o755)
            // A section may hold an id too; that of the request comes first on the line.
            let section = #"{ "plugins": { "acme": { "id": "team-a" } } }"#
            let resolver = try fixture.resolver(section, ["GROQ_API_KEY": "sk-environment"])
            #expect(try await resolver.value("openai") == "sk-from-acme")
            #expect(try await resolver.value("azure") == "sk-from-acme")
            #expect(try await resolver.value("groq") == "sk-environment")
            #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-from-acme")
        }
    }

    private func block(_ language: String, containing text: String) throws -> String {
        let article = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appendingPathComponent("Sources/PluginHost/Documentation.docc/Drop-a-plugin-in.md")
        let blocks = try String(contentsOf: article, encoding: .utf8).components(separatedBy: "```\(language)\n")
            .dropFirst()
            .map { $0.components(separatedBy: "```")[0] }
        return try #require(blocks.first { $0.contains(text) })
    }
}
