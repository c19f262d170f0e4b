import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

@Suite("The reader of keyhooks.json and its schema")
struct ConfigurationAgreementTests {
    /// What is put in the place of some value.
    private static let values: [JSONNode] = [
        .null, .bool(true), .bool(false), .integer(0), .integer(30), .double(1.5), .string(""), .string("a"),
        .string("a b"), .string("a/b"), .string("a/b/c"), .string("A_B"), .string("30s"), .string("1h30m"),
        .string("30 s"), .string("never"), .string("unavailable"), .string("process"), .string("é"), .string("\u{0}"),
        .string("openbao"), .array([]), .array([.string("a")]), .array([.string("A B")]), .array([.null]),
        .array([.string("openbao")]), .object([:]), .object(["a": .null]), .object(["ttl": .string("5m")]),
        .object(["openai": .object([:])]), .object(["required": .bool(true)]), .object(["a/b": .object([:])]),
        .object(["providers": .object([:])]), .object(["": .object([:])]),
    ]

    private static let names = [
        "colour", "", "a/b", "ttl", "aliases", "required", "notRequired", "openbao", "plugins", "kind",
    ]

    /// What only the reader can know.
    private static let beyond = [
        "unknown key", "is an alias:", "already means", "is the same service as", "looks like a key",
    ]

    private func altered(_ node: JSONNode, _ random: inout SeededGenerator) -> JSONNode {
        switch node.kind {
        case .object(var members) where !members.isEmpty && Int.random(in: 0..<8, using: &random) > 0:
            let index = Int.random(in: members.indices, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: members.remove(at: index)
            case 1:
                let name = Self.names.randomElement(using: &random)!
                members.removeAll { $0.name == name }
                members.append(JSONMember(name, Self.values.randomElement(using: &random)!))
            default: members[index] = JSONMember(members[index].name, altered(members[index].value, &random))
            }
            return JSONNode(.object(members))
        case .array(var elements) where !elements.isEmpty && Bool.random(using: &random):
            let index = Int.random(in: elements.indices, using: &random)
            elements[index] = altered(elements[index], &random)
            return JSONNode(.array(elements))
        default:
            return Self.values.randomElement(using: &random)!
        }
    }

    @Test func `They agree on whatever becomes of a configuration by accident`() async throws {
        let schema = try ConfigurationSchema.schema()
        let whole = try node(ConfigurationExamples.whole)
        var random = SeededGenerator(state: 4711)
        let all = (0..<800).map { _ in altered(whole, &random) }
        let taken = try await withFolder { folder in
            try all.count { try agree(on: $0, schema, folder) }
        }
        #expect((100...700).contains(taken), "\(taken)")
    }

    /// Whether the reader takes a configuration, once it is clear that the schema does not contradict.
    private func agree(on altered: JSONNode, _ schema: JSONSchema, _ folder: TemporaryFolder) throws -> Bool {
        let text = String(decoding: try altered.jsonBytes(), as: UTF8.self)
        let mistakes = schema.mistakes(in: altered, at: .root)
        let found = try readerMistakes(in: text, folder)
        if mistakes.isEmpty {
            let known = found.filter { mistake in !Self.beyond.contains { mistake.contains($0) } }
            #expect(known == [], "\(text)")
        } else {
            #expect(!found.isEmpty, "\(text) \(mistakes)")
        }
        return found.isEmpty
    }
}
