import KeyHooks

/// Parses a document written in a test.
func parse(_ text: String, limits: JSON5.Limits = JSON5.Limits()) throws(JSONSyntaxError) -> JSONNode {
    try JSON5.parse(text.utf8, limits: limits)
}

/// The error a document gives, or nil when it parses.
func syntaxError(_ text: String, limits: JSON5.Limits = JSON5.Limits()) -> JSONSyntaxError? {
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

/// SplitMix64, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
