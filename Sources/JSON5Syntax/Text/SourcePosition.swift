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
