// Every type of the tree prints its type and place only. The mirrors are empty because `dump` and test frameworks
// walk them and would print the string inside.

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

extension JSONNode.Kind: CustomStringConvertible {
    /// The type of the value, never the value.
    package var description: String { "<\(typeName)>" }
}

extension JSONNode.Kind: CustomDebugStringConvertible {
    /// The type of the value, never the value.
    package var debugDescription: String { description }
}

extension JSONNode.Kind: CustomReflectable {
    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

extension JSONNode: CustomStringConvertible {
    /// The type and the place of the value, never the value.
    package var description: String { "<\(kind.typeName) at \(position)>" }
}

extension JSONNode: CustomDebugStringConvertible {
    /// The type and the place of the value, never the value.
    package var debugDescription: String { description }
}

extension JSONNode: CustomReflectable {
    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

extension JSONMember: CustomStringConvertible {
    /// The name and the place of the member, never its value.
    package var description: String { "<member '\(displayText(name))' at \(position)>" }
}

extension JSONMember: CustomDebugStringConvertible {
    /// The name and the place of the member, never its value.
    package var debugDescription: String { description }
}

extension JSONMember: CustomReflectable {
    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

extension JSONNumber: CustomStringConvertible {
    /// The word `number`, never which one: a number may be a PIN.
    package var description: String { "<a number>" }
}

extension JSONNumber: CustomDebugStringConvertible {
    /// The word `number`, never which one.
    package var debugDescription: String { description }
}

extension JSONNumber: CustomReflectable {
    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
