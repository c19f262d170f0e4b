import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

/// The schema for editors and the reader say the same.
@Suite("The schema of manifests")
struct ManifestSchemaTests {
    private func schemaMistakes(in text: String) throws -> [String] {
        try JSONSchema.parse(PackageResources.plugin_schema_json, path: .root).mistakes(in: node(text), at: .root)
            .map(\.description)
    }

    @Test(arguments: ManifestExamples.good)
    func `It takes what the reader takes`(text: String) throws {
        #expect(try schemaMistakes(in: text) == [])
    }

    @Test(arguments: ManifestExamples.bad)
    func `It refuses what the reader refuses`(text: String, mistake: String) throws {
        #expect(try !schemaMistakes(in: text).isEmpty)
    }

    @Test func `It names every key the reader knows`() throws {
        let text = ManifestExamples.smallest(more: "zzzzzzzzzz: 1")
        #expect(try schemaMistakes(in: text).count == 1)
        let schema = try node(String(decoding: PackageResources.plugin_schema_json, as: UTF8.self))
        let names = try #require(schema["properties"]?.members).map(\.name)
        // Whatever the schema names, the reader knows: only the values are wrong.
        for name in names {
            let found = try mistakes { () throws(JSONMistakes) in
                try PluginManifest.parse(Array("{'\(name)': null, nonsense: 1}".utf8))
            }
            #expect(!found.contains { $0.contains("\(name): unknown key") })
        }
    }
}
