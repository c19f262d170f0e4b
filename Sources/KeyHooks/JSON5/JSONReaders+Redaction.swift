extension JSONObjectReader: CustomStringConvertible {
    /// The path of the object, never its values.
    package var description: String { "<reader of an object at \(position)>" }
}

extension JSONObjectReader: CustomReflectable {
    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

extension JSONValueReader: CustomStringConvertible {
    /// The type and the place of the value, never the value.
    package var description: String { "<reader of \(node)>" }
}

extension JSONValueReader: CustomReflectable {
    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
