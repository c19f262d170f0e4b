import ExtensionHooks
import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

@Suite("Reading a manifest")
struct ManifestReadingTests {
    private func parse(_ text: String) throws(JSONMistakes) -> PluginManifest {
        try PluginManifest.parse(Array(text.utf8))
    }

    @Test func `The example of the contract is read whole`() throws {
        let manifest = try parse(ManifestExamples.contract)
        #expect(manifest.id == "acme.vault")
        #expect(manifest.version == "1.4.0")
        #expect(manifest.description == "Keys from the Acme vault")
        #expect((manifest.kind, manifest.mode, manifest.interaction) == (.process, .session, .never))
        #expect((manifest.entry, manifest.arguments) == ("./acme-vault", ["--keyhooks"]))
        #expect((manifest.helloTimeout, manifest.requestTimeout) == (.seconds(5), .seconds(5)))
        #expect(manifest.environment == ["ACME_TOKEN"])
        #expect(manifest.installHint == "brew install acme")
        let hook = try #require(manifest.hooks.first)
        #expect(hook.id == "acme.vault/getAPIKey.start" && hook.id.isWellFormed)
        #expect((hook.point, hook.phase, hook.priority) == (.getAPIKey, .start, 10))
        #expect((hook.before, hook.after) == ([], ["openbao"]))
        let filter = try #require(hook.filter())
        #expect(filter.contains("openai") && filter.contains("anthropic_vertex") && !filter.contains("azure"))
    }

    @Test func `What a manifest leaves out has its usual value`() throws {
        let manifest = try parse(ManifestExamples.smallest())
        #expect(manifest.description == nil && manifest.installHint == nil && manifest.configuration == nil)
        #expect((manifest.kind, manifest.mode, manifest.interaction) == (.process, .session, .never))
        #expect((manifest.helloTimeout, manifest.requestTimeout) == (.seconds(5), .seconds(5)))
        #expect(manifest.arguments == [] && manifest.environment == [])
        #expect(manifest.hooks[0].priority == 100 && manifest.hooks[0].filter() == nil)
    }

    @Test func `Each hook has an id of its own`() throws {
        let hooks =
            "[{point: 'getAPIKey', phase: 'start'}, {point: 'getAPIKey', phase: 'end'}, "
            + "{point: 'getAPIKey', phase: 'start'}, {point: 'getSecret', phase: 'start'}]"
        let ids = try parse(ManifestExamples.smallest(hooks: hooks)).hooks.map(\.id.rawValue)
        #expect(
            ids == ["getAPIKey.start", "getAPIKey.end", "getAPIKey.start.2", "getSecret.start"].map { "acme/\($0)" }
        )
    }

    @Test(arguments: ManifestExamples.good)
    func `A right manifest is taken`(text: String) throws {
        _ = try parse(text)
    }

    @Test(arguments: ManifestExamples.bad)
    func `A mistake is reported with its place`(text: String, mistake: String) throws {
        let found = try mistakes { () throws(JSONMistakes) in try parse(text) }
        #expect(found.count == 1)
        #expect(found.first?.contains(mistake) == true, "\(found)")
    }

    @Test func `All mistakes are reported at once, in order`() throws {
        let text =
            "{\n  id: 'a b',\n  api: 1,\n  entry: '/x',\n  hooks: [{}],\n  colour: 1,\n  configuration: {not: {}}\n}"
        let found = try mistakes { () throws(JSONMistakes) in try parse(text) }
        #expect(found.map { $0.prefix(3) } == ["1:1", "2:7", "4:1", "5:1", "5:1", "6:3", "7:2"])
    }

    @Test func `A manifest of another version is not blamed for what that version brings`() throws {
        let found = try mistakes { () throws(JSONMistakes) in try parse("{api: 2, id: 'a', wire: 'grpc'}") }
        #expect(found.count == 1)
        #expect(found[0].hasPrefix("1:7: api: the plugin is written for another version"))
    }

    @Test(arguments: [
        ("{type: 'string'}", "configuration: lets no section through: a section is always an object"),
        ("{type: ['array', 'null']}", "configuration: lets no section through"),
        ("{properties: {a: {type: 'sting'}}}", "configuration.properties.a.type: expected one of"),
        ("{properties: {a: {pattern: '['}}}", "configuration.properties.a.pattern: is no regular expression"),
        ("{propertys: {}}", "configuration.propertys: unknown key. Did you mean 'properties'?"),
        ("{type: 'object', required: ['a'], examples: [{}]}", "configuration: its first example does not fit it"),
    ])
    func `A mistake in the schema of the section is one of the manifest`(schema: String, mistake: String) throws {
        let text = ManifestExamples.smallest(more: "configuration: \(schema)")
        let found = try mistakes { () throws(JSONMistakes) in try parse(text) }
        #expect(found.count == 1)
        #expect(found.first?.contains(mistake) == true, "\(found)")
    }

    @Test(.timeLimit(.minutes(5)))
    func `A pattern that takes forever is not matched by those who only look`() throws {
        let example = String(repeating: "a", count: 60) + "!"
        let schema = "{type: 'object', properties: {a: {pattern: '^(a+)+$'}}, examples: [{a: '\(example)'}]}"
        #expect(try parse(ManifestExamples.smallest(more: "configuration: \(schema)")).exampleSection != nil)
    }

    @Test(arguments: ["sk-leak4711", "hf_leakAbCdEfGhIjKlMnOpQrStUv", "leak leak"])
    func `A key in place of a name is refused and not echoed`(value: String) throws {
        for more in ["environment: ['\(value)']", "mode: '\(value)'", "timeouts: '\(value)'"] {
            let text = ManifestExamples.smallest(more: more)
            let found = try mistakes { () throws(JSONMistakes) in try parse(text) }
            #expect(found.count == 1)
            #expect(found.allSatisfy { !$0.contains("leak") })
        }
    }
}
