import KeyHooks

/// The types a schema tells apart.
enum SchemaType: String, Sendable, CaseIterable {
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
