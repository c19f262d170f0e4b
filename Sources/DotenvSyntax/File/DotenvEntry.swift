/// One binding or declaration in a `.env` text.
///
/// The value may be a secret: it comes out of ``value`` only. Printing, reflecting or dumping an entry shows none.
public struct DotenvEntry: Sendable {
    /// The name, made of ASCII letters, digits, `_`, `.` and `-`, the first a letter, digit or `_`.
    public let name: String

    /// The value with quotes removed and escapes resolved; nil when the name is declared without one.
    ///
    /// A line ending inside quotes is one `\n`, whatever the file uses, as in every dialect.
    public internal(set) var value: String?

    /// Whether the statement begins with `export`.
    public let isExported: Bool

    /// The line the name is on; the first is 1.
    ///
    /// `\n`, `\r\n` and a lone `\r` each end a line.
    public let line: Int

    /// Where on its line the name begins, in Unicode scalars; the first is 1.
    ///
    /// A byte order mark is not counted.
    public let column: Int

    /// How the value is quoted in the text.
    public let quoting: Quoting

    /// Where the statement and its value are in the text.
    let span: Span

    /// How a value is quoted.
    public enum Quoting: Sendable, Hashable {
        /// Not quoted: taken as it stands, to a comment or the end of the line.
        case none
        /// In single quotes: literal.
        case single
        /// In double quotes: `\n`, `\r`, `\t`, `\"`, `\\` and `\$` are escapes.
        case double
    }

    /// Offsets into the text.
    struct Span: Sendable, Hashable {
        /// Start of the line the statement is on.
        var lineStart: Int
        /// The raw value, quotes included; empty where a value would go when there is none.
        var value: Range<Int>
        /// After the line ending of the statement's last line.
        var end: Int
    }

    /// Whether `name` was written as a name.
    ///
    /// A word alone on its line may be a pasted key, so it is never shown.
    var isNameKnown: Bool { value != nil || isExported }
}

extension DotenvEntry: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Name and position; never the value, nor a word that stands alone and may be a pasted key.
    public var description: String {
        "DotenvEntry(\(shownName) at \(line):\(column), \(shownValue))"
    }

    private var shownName: String { isNameKnown ? name : "<redacted>" }

    private var shownValue: String { value == nil ? "declared without a value" : "value <redacted>" }

    /// Name and position; never the value.
    public var debugDescription: String { description }

    /// A mirror of name, value state and position; never the value.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "name": shownName, "value": shownValue, "isExported": isExported, "line": line, "column": column,
                "quoting": quoting,
            ],
            displayStyle: .struct
        )
    }
}
