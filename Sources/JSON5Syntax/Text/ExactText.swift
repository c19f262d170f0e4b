/// A text that is compared byte by byte, for sets and dictionaries of names.
///
/// Strings in Swift are the same if they are canonically equivalent, as `K` and the Kelvin sign are. Names of fields,
/// settings and the like are not: one would answer for the other.
package struct ExactText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: Self, right: Self) -> Bool { left.text.hasSameBytes(as: right.text) }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Whether two texts are the same byte by byte.
    package func hasSameBytes(as other: String) -> Bool {
        // Texts of the same bytes are equal strings, and those are told apart fast.
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}
