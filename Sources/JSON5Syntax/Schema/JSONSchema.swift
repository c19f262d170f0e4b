/// What a JSON value must look like: the part of JSON Schema (2020-12) that the configuration of a plugin needs.
///
/// Every keyword is either understood, or known to say nothing about validity (`title`, `description`, `default` and
/// their like), or a mistake: a keyword that is passed over in silence lets bad configurations through.
package struct JSONSchema: Sendable, Hashable {
    /// What must hold, each on its own; none let anything through.
    let rules: [Rule]

    /// Lets any value through.
    static let anything = JSONSchema(rules: [])

    /// Lets no value through.
    static let nothing = JSONSchema(rules: [.never])
}

extension JSONSchema {
    /// One thing that a value must fulfil.
    indirect enum Rule: Sendable, Hashable {
        /// No value fulfils it.
        case never
        /// The value has one of these types.
        case type([ValueType])
        /// The value is one of these; `enum` and `const`.
        case values([JSONNode])
        /// An object has these members.
        case members(Members)
        /// Each element of an array fulfils a schema.
        case items(JSONSchema)
        /// An array has so many elements.
        case itemCount(minimum: Int?, maximum: Int?)
        /// A text has so many characters, counted as Unicode scalars.
        case length(minimum: Int?, maximum: Int?)
        /// A regular expression matches somewhere in a text.
        case pattern(String)
        /// A number lies between these, both included.
        case range(minimum: Double?, maximum: Double?)
        /// At least one of these schemas is fulfilled.
        case anyOf([JSONSchema])
        /// Exactly one of these schemas is fulfilled.
        case oneOf([JSONSchema])
    }

    /// The members of an object.
    struct Members: Sendable, Hashable {
        struct Property: Sendable, Hashable {
            let name: String
            let schema: JSONSchema
        }

        var properties: [Property] = []
        var required: [String] = []
        /// What members without a property must fulfil; nil for anything.
        var additional: JSONSchema?
        /// What the names of all members must fulfil; nil for anything.
        var names: JSONSchema?
    }

    /// The types a schema tells apart.
    enum ValueType: String, Sendable, CaseIterable {
        case null, boolean, number, integer, string, array, object

        /// Whether a value has the type; infinities and NaN, which only JSON5 can write, have none.
        func includes(_ node: JSONNode) -> Bool {
            switch (self, node.kind) {
            case (.null, .null), (.boolean, .bool), (.string, .string), (.array, .array), (.object, .object): true
            case (.number, .number(let number)): number.double.isFinite
            case (.integer, .number(.integer)): true
            case (.integer, .number(.double(let value))): value.isFinite && value == value.rounded()
            default: false
            }
        }

        /// The type with its article, for messages.
        var wording: String {
            switch self {
            case .null: "null"
            case .boolean: "true or false"
            case .number: "a number"
            case .integer: "a whole number"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        }
    }

    /// A regular expression as a schema means it: found anywhere in the text, with ASCII classes, over Unicode scalars.
    ///
    /// `Regex` is not `Sendable`, so schemas keep the text and make the expression when it is needed.
    struct Pattern {
        private let regex: Regex<AnyRegexOutput>

        /// Compiles an expression; nil if it is none.
        init?(_ text: String) {
            guard let regex = try? Regex(text) else { return nil }
            self.regex = regex.matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()
        }

        func matches(_ text: String) -> Bool {
            // An expression that gives up, as one that needs too much memory would, has not matched.
            ((try? regex.firstMatch(in: text)) ?? nil) != nil
        }
    }
}

extension JSONNode {
    /// Whether two values are the same JSON: the order of members and the way a number is written do not count.
    func isSameJSON(as other: JSONNode) -> Bool {
        switch (kind, other.kind) {
        case (.number(.integer(let left)), .number(.integer(let right))): left == right
        case (.number(let left), .number(let right)): left.double == right.double
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSameJSON(as: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in other[member.name]?.isSameJSON(as: member.value) ?? false }
        default: kind == other.kind
        }
    }
}
