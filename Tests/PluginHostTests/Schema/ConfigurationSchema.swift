import Foundation
import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

/// The schema of keyhooks.json in the part of JSON Schema that the validator knows: with its `$ref` resolved.
enum ConfigurationSchema {
    static func document() throws -> JSONNode { try JSONParser.parse([UInt8](KeyConfiguration.schema)) }

    static func schema() throws -> JSONSchema {
        let document = try document()
        let root = JSONNode(.object((document.members ?? []).filter { $0.name != "$defs" }))
        let whole = try resolved(root, try #require(document["$defs"]))
        return try JSONSchema.parse(whole.jsonBytes(), path: .root)
    }

    private static func resolved(_ node: JSONNode, _ definitions: JSONNode) throws -> JSONNode {
        switch node.kind {
        case .array(let elements): return .array(try elements.map { try resolved($0, definitions) })
        case .object(let members):
            guard let reference = node["$ref"]?.string else {
                return JSONNode(
                    .object(try members.map { JSONMember($0.name, try resolved($0.value, definitions)) })
                )
            }
            // What stands beside a reference is for the reader's eyes.
            #expect(members.allSatisfy { ["$ref", "description"].contains($0.name) })
            let name = try #require(reference.split(separator: "/").last)
            return try resolved(try #require(definitions[String(name)], "\(reference)"), definitions)
        default: return node
        }
    }
}

/// What the reader finds wrong with a configuration, each on a line; none if it is right.
func readerMistakes(in text: String, _ folder: TemporaryFolder) throws -> [String] {
    let path = try folder.write("keyhooks.json", text)
    do {
        _ = try KeyConfiguration.read(from: path)
        return []
    } catch {
        #expect(error.code == .invalidConfiguration)
        return error.message.split(separator: "\n").map(String.init)
    }
}

func readerMistakes(in text: String) async throws -> [String] {
    try await withFolder { try readerMistakes(in: text, $0) }
}
