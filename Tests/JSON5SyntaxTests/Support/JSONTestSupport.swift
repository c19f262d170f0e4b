import JSON5Syntax
import Testing

/// Parses a document written in a test.
func parse(
    _ text: String,
    syntax: JSONParser.Syntax = .json5,
    limits: JSONParser.Limits = JSONParser.Limits()
) throws(JSONSyntaxError) -> JSONNode {
    try JSONParser.parse(text.utf8, syntax: syntax, limits: limits)
}

/// The error a document gives, or nil when it parses.
func syntaxError(_ text: String, limits: JSONParser.Limits = JSONParser.Limits()) -> JSONSyntaxError? {
    do {
        _ = try parse(text, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// A value as text a test can compare: the tree itself prints nothing.
func render(_ node: JSONNode) -> String {
    switch node.kind {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(.integer(let value)): "\(value)"
    case .number(.double(let value)): "\(value)"
    case .number(.written(let text)): text
    case .string(let text): "\"" + text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "\""
    case .array(let elements): "[" + elements.map(render).joined(separator: ",") + "]"
    case .object(let members): "{" + members.map { "\($0.name):\(render($0.value))" }.joined(separator: ",") + "}"
    }
}

/// The mistakes a text is refused with, each on a line.
func mistakes(
    sourceLocation: SourceLocation = #_sourceLocation,
    of body: () throws(JSONMistakes) -> some Sendable
) throws -> [String] {
    let error = #expect(throws: JSONMistakes.self, sourceLocation: sourceLocation) { _ = try body() }
    return try #require(error, sourceLocation: sourceLocation).all.map(\.description)
}

extension NodePath {
    /// The path of a document whose reader hides names that begin with `sk-`, and knows what `url` and `model` mean to
    /// others.
    static let root = NodePath(
        vocabulary: JSONVocabulary(
            hides: { $0.hasPrefix("sk-") },
            advice: { name, isKnown in
                switch name {
                case "url" where isKnown("address"): .meant("address")
                case "model" where isKnown("address"): .sentence("leave it to whoever sends requests")
                default: nil
                }
            },
            refusal: { "is refused (\(type(of: $0)))" }
        )
    )
}
