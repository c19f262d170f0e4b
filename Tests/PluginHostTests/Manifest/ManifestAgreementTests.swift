import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

@Suite("The reader of manifests and their schema")
struct ManifestAgreementTests {
    /// What is put in the place of some value of a manifest.
    private static let values: [JSONNode] = [
        .null, .bool(true), .integer(0), .integer(1), .integer(-1), .integer(2), .integer(70_000), .integer(1_000_001),
        .double(1), .double(1.5), .string(""), .string("a"), .string("a b"), .string("a/b"), .string("a/b/c"),
        .string("../a"), .string("/a"), .string("a\n"), .string("*"), .string("-"), .string("A_B"), .string("start"),
        .string("end"), .string("getSecret"), .string("session"), .string("never"), .string("é"), .string("\u{202E}"),
        .array([]), .array([.string("a")]), .array([.string("a/b")]), .array([.integer(1)]), .array([.null]),
        .array([.object(["point": .string("getSecret"), "phase": .string("end")])]), .object([:]),
        .object(["hello_ms": .integer(5)]), .object(["point": .string("getSecret")]), .object(["a": .null]),
    ]

    /// A copy with something changed somewhere.
    private func mutated(_ node: JSONNode, _ random: inout SeededGenerator) -> JSONNode {
        switch node.kind {
        case .object(var members) where !members.isEmpty && Int.random(in: 0..<8, using: &random) > 0:
            let index = Int.random(in: members.indices, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: members.remove(at: index)
            case 1: members.append(JSONMember("colour", .null))
            // Schemas of schemas are beyond what the subset can say.
            case _ where members[index].name == "configuration": break
            default: members[index] = JSONMember(members[index].name, mutated(members[index].value, &random))
            }
            return JSONNode(.object(members))
        case .array(var elements) where !elements.isEmpty && Bool.random(using: &random):
            let index = Int.random(in: elements.indices, using: &random)
            elements[index] = mutated(elements[index], &random)
            return JSONNode(.array(elements))
        default:
            return Self.values.randomElement(using: &random)!
        }
    }

    @Test func `They agree on whatever becomes of a manifest by accident`() throws {
        let schema = try JSONSchema.parse(PackageResources.plugin_schema_json, path: .root)
        let whole = try node(ManifestExamples.contract)
        var random = SeededGenerator(state: 4711)
        var (taken, refused) = (0, 0)
        for _ in 0..<1500 {
            let changed = mutated(whole, &random)
            let mistakes = schema.mistakes(in: changed, at: .root)
            let isRead = (try? PluginManifest.parse(changed)) != nil
            let text = String(decoding: try changed.jsonBytes(), as: UTF8.self)
            #expect(isRead == mistakes.isEmpty, "\(text) \(mistakes)")
            if isRead { taken += 1 } else { refused += 1 }
        }
        #expect(taken > 100 && refused > 100)
    }
}
