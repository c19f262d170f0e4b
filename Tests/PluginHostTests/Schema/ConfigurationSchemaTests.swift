import Foundation
import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

/// The schema for editors and the reader say the same.
@Suite("The schema of keyhooks.json")
struct ConfigurationSchemaTests {
    private func schemaMistakes(in text: String) throws -> [String] {
        try ConfigurationSchema.schema().mistakes(in: node(text), at: .root).map(\.description)
    }

    @Test(arguments: ConfigurationExamples.good)
    func `Both take what is right`(text: String) async throws {
        #expect(try await readerMistakes(in: text) == [])
        #expect(try schemaMistakes(in: text) == [])
    }

    @Test(arguments: ConfigurationExamples.bad)
    func `Both refuse what is wrong`(text: String, mistake: String) async throws {
        let found = try await readerMistakes(in: text)
        #expect(found.count == 1 && found.first?.contains(mistake) == true, "\(found)")
        #expect(try !schemaMistakes(in: text).isEmpty)
    }

    @Test func `Both take the examples of the README and the article`() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let examples = try ["README.md", "Sources/KeyHooks/Documentation.docc/The-configuration-file.md"]
            .flatMap { document in
                try String(contentsOf: root.appendingPathComponent(document), encoding: .utf8)
                    .components(separatedBy: "```jsonc\n").dropFirst()
                    .compactMap { $0.components(separatedBy: "```").first }
            }
        #expect(examples.count >= 2)
        for example in examples {
            #expect(try await readerMistakes(in: example) == [])
            #expect(try schemaMistakes(in: example) == [])
        }
    }

    @Test func `It has a description for every key`() throws {
        let document = try ConfigurationSchema.document()
        let definitions = try #require(document["$defs"])
        for object in [document, try #require(definitions["provider"]), try #require(definitions["profiledProvider"])] {
            for member in object["properties"]?.members ?? [] where member.value.members != nil {
                let name = member.value["$ref"]?.string.map { String($0.split(separator: "/").last ?? "") }
                let description = member.value["description"] ?? name.flatMap { definitions[$0]?["description"] }
                #expect(description?.string?.isEmpty == false, "\(member.name)")
            }
        }
    }

    @Test func `It names every key the reader knows, and no other`() async throws {
        let document = try ConfigurationSchema.document()
        for name in document["properties"]?.members?.map(\.name) ?? [] {
            let found = try await readerMistakes(in: "{'\(name)': null}")
            #expect(!found.contains { $0.contains("unknown key") }, "\(name)")
        }
        for name in document["$defs"]?["provider"]?["properties"]?.members?.map(\.name) ?? [] {
            let found = try await readerMistakes(in: "{providers: {openai: {'\(name)': null}}}")
            #expect(!found.contains { $0.contains("unknown key") }, "\(name)")
        }
    }
}
