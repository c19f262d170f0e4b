extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let backslash = UInt8(ascii: "\\")

    var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// Whether the byte is an ASCII letter or digit.
    @inlinable
    package var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    /// The value of a hexadecimal digit, or nil for any other byte.
    var hexDigitValue: UInt32? { Character(Unicode.Scalar(self)).hexDigitValue.map(UInt32.init) }
}

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
        // Texts of the same bytes are equal strings, and those are distinguished fast.
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}
