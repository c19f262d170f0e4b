import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

/// The mistakes a text is refused with, each on a line.
func mistakes(
    sourceLocation: SourceLocation = #_sourceLocation,
    of body: () throws(JSONMistakes) -> some Sendable
) throws -> [String] {
    let error = #expect(throws: JSONMistakes.self, sourceLocation: sourceLocation) { _ = try body() }
    return try #require(error, sourceLocation: sourceLocation).all.map(\.description)
}

/// A value in JSON5.
func node(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }
