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

/// A place in a text file, as an editor shows it.
///
/// Lines end at LF, CR or CRLF, because that is what editors count; columns count Unicode scalars.
package struct SourcePosition: Sendable, Hashable {
    /// The line, counted from 1.
    package let line: Int
    /// The column in Unicode scalars, counted from 1.
    package let column: Int

    /// Creates a position from a line and a column, both counted from 1.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The first character of a file.
    package static let start = SourcePosition(line: 1, column: 1)
}

extension SourcePosition: Comparable {
    /// Orders positions as they come in the file.
    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension SourcePosition: CustomStringConvertible {
    /// The position as `line:column`.
    package var description: String { "\(line):\(column)" }
}

/// A value whose description says what it is and where, and never holds a value of the document.
///
/// The mirror is empty because `dump` and test frameworks walk it and would print the string inside.
package protocol ValueFree: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension ValueFree {
    /// The same as the description.
    package var debugDescription: String { description }

    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
