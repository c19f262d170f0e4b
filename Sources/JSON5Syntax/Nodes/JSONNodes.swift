/// A value read from a JSON or JSON5 document, with the place it came from.
///
/// It may hold a secret somebody pasted, so nothing it prints shows a value.
package struct JSONNode: Sendable {
    /// What the value is.
    package let kind: Kind
    /// Where the value begins.
    package let position: SourcePosition

    /// The kinds of JSON value.
    package enum Kind: Sendable {
        /// The literal `null`.
        case null
        /// `true` or `false`.
        case bool(Bool)
        /// A number.
        case number(JSONNumber)
        /// A string, with its escapes resolved.
        case string(String)
        /// The elements of an array.
        case array([JSONNode])
        /// The members of an object in the order they were written; no name occurs twice.
        case object([JSONMember])
    }

    /// Creates a value, by default for one that comes from no file.
    package init(_ kind: Kind, at position: SourcePosition = .start) {
        self.kind = kind
        self.position = position
    }

    /// The members, or nil when this is not an object.
    package var members: [JSONMember]? {
        if case .object(let members) = kind { members } else { nil }
    }

    /// The elements, or nil when this is not an array.
    package var elements: [JSONNode]? {
        if case .array(let elements) = kind { elements } else { nil }
    }

    /// The text, or nil when this is not a string.
    package var string: String? {
        if case .string(let text) = kind { text } else { nil }
    }

    /// The whole number, or nil when this isn't one.
    package var wholeNumber: Int? {
        if case .number(let number) = kind { number.int } else { nil }
    }

    /// The value of the named member, or nil when there is none or this is not an object.
    ///
    /// Names are compared byte by byte.
    package subscript(name: String) -> JSONNode? {
        members?.first { $0.name.hasSameBytes(as: name) }?.value
    }
}

extension JSONNode {
    /// The literal `null`.
    package static let null = JSONNode(.null)

    /// A boolean that comes from no file.
    package static func bool(_ value: Bool) -> JSONNode { JSONNode(.bool(value)) }

    /// An integer that comes from no file.
    package static func integer(_ value: some BinaryInteger) -> JSONNode {
        JSONNode(.number(Int64(exactly: value).map(JSONNumber.integer) ?? .double(Double(value))))
    }

    /// A floating-point number that comes from no file.
    package static func double(_ value: Double) -> JSONNode { JSONNode(.number(.double(value))) }

    /// A string that comes from no file.
    package static func string(_ value: String) -> JSONNode { JSONNode(.string(value)) }

    /// An array that comes from no file.
    package static func array(_ elements: [JSONNode]) -> JSONNode { JSONNode(.array(elements)) }

    /// An object that comes from no file; the caller sees to it that no name occurs twice.
    package static func object(_ members: KeyValuePairs<String, JSONNode>) -> JSONNode {
        JSONNode(.object(members.map { JSONMember($0.key, $0.value) }))
    }
}

// Equality compares what was written, not where, so that moving a section in a file does not count as a change.

extension JSONNode: Hashable {
    /// Compares the values; positions do not count, the order of members does.
    package static func == (left: JSONNode, right: JSONNode) -> Bool { left.kind == right.kind }

    /// Hashes the value without its position.
    package func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

extension JSONNode.Kind: Hashable {
    /// Compares the values, texts byte by byte.
    package static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Hashes the value.
    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let number): hasher.combine(number)
        case .string(let text): hasher.combine(ExactText(text))
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }
}

extension JSONNode.Kind {
    /// What the value is, with its article, for messages: `a string`, `an object`.
    package var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONNode.Kind: ValueFree {
    /// The type of the value, never the value.
    package var description: String { "<\(typeName)>" }
}

extension JSONNode: ValueFree {
    /// The type and the place of the value, never the value.
    package var description: String { "<\(kind.typeName) at \(position)>" }
}

/// One `name: value` pair of an object.
package struct JSONMember: Sendable {
    /// The name, with its escapes resolved.
    package let name: String
    /// Where the name begins.
    package let position: SourcePosition
    /// The value.
    package let value: JSONNode

    /// Creates a member, by default for one that comes from no file.
    package init(_ name: String, _ value: JSONNode, at position: SourcePosition = .start) {
        self.name = name
        self.position = position
        self.value = value
    }
}

extension JSONMember: Hashable {
    /// Compares names and values; positions do not count.
    package static func == (left: JSONMember, right: JSONMember) -> Bool {
        left.name.hasSameBytes(as: right.name) && left.value == right.value
    }

    /// Hashes the name and the value without positions.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(ExactText(name))
        hasher.combine(value)
    }
}

extension JSONMember: ValueFree {
    /// The name and the place of the member, never its value.
    package var description: String { "<member '\(displayText(name))' at \(position)>" }
}

extension [JSONMember] {
    /// Where the member of each name is.
    var indexByName: [ExactText: Int] {
        Dictionary(enumerated().map { (ExactText($1.name), $0) }) { first, _ in first }
    }
}

/// A JSON number, kept exact when it was written as an integer that fits 64 bits.
package enum JSONNumber: Sendable, Hashable {
    /// A number written without a fraction or an exponent that fits `Int64`.
    case integer(Int64)
    /// Every other number, including `-0`, `Infinity` and `NaN`.
    case double(Double)
    /// The same as ``double(_:)`` and as it was written, where the syntax asks for that: `1.50` is no `1.5` to whoever
    /// stored a key without quotes.
    indirect case written(String)

    /// The number as a `Double`, rounded where an integer has more than 53 bits.
    package var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .written(let text): Double(text) ?? .infinity
        }
    }

    /// The number as an `Int`, or nil when it is not a whole number that is known exactly.
    ///
    /// `1e3` and `5.0` count as whole; beyond 2^53 a `Double` no longer says which integer was written.
    package var int: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .double, .written: Self.whole(double)
        }
    }

    /// A `Double` as an `Int`, or nil when it has a fraction or is beyond 2^53.
    private static func whole(_ value: Double) -> Int? {
        // Not `Int(exactly:)`: it calls `trunc`, and a program without Foundation may not link the C maths library.
        guard value.magnitude <= 0x1p53 else { return nil }
        let truncated = Int64(value)
        return Double(truncated) == value ? Int(exactly: truncated) : nil
    }
}

extension JSONNumber: ValueFree {
    /// The word `number`, never which one: a number may be a PIN.
    package var description: String { "<a number>" }
}
