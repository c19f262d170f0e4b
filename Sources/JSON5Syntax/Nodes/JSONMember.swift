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
