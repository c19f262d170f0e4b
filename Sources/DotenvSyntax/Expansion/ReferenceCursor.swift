/// The way through one raw value while its references are replaced.
struct ReferenceCursor {
    let text: Text
    /// Which entry the value belongs to.
    let position: Int
    let isQuoted: Bool
    let end: Int
    var offset: Int
    var output: [UInt8] = []
    var warnings: [DotenvDiagnostic] = []
    private var located: Int
    /// Where the line would begin if each scalar on it were one byte.
    private var columnOrigin: Int
    private var line: Int

    /// A place in a text.
    struct Place {
        let line: Int
        let column: Int

        init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        init(_ entry: DotenvEntry) {
            self.init(line: entry.line, column: entry.column)
        }
    }

    init(text: Text, position: Int, entry: DotenvEntry) {
        self.text = text
        self.position = position
        isQuoted = entry.quoting == .double
        let value = entry.span.value
        offset = isQuoted ? value.lowerBound + 1 : value.lowerBound
        end = isQuoted ? value.upperBound - 1 : value.upperBound
        located = offset
        line = entry.line
        columnOrigin = entry.span.lineStart
    }

    /// The place of the current byte.
    ///
    /// The way leads forward only, so all places together cost one pass.
    mutating func locate() -> Place {
        while located < offset {
            if text[located].isLineEnd {
                located += text.lineEndLength(at: located)
                line += 1
                columnOrigin = located
            } else {
                if text[located].continuesScalar { columnOrigin += 1 }
                located += 1
            }
        }
        return Place(line: line, column: offset - columnOrigin + 1)
    }

    var startsReference: Bool {
        text[offset] == Byte.dollar && offset + 1 < end && text[offset + 1] == Byte.openBrace
    }

    /// Takes one literal byte of the value, escapes resolved.
    mutating func takeByte() -> UInt8 {
        let byte = text[offset]
        let next = offset + 1 < end ? text[offset + 1] : nil
        if byte == Byte.backslash, let next {
            let meaning = isQuoted ? next.unescaped : (next == Byte.dollar ? next : nil)
            if let meaning {
                offset += 2
                return meaning
            }
        }
        if byte == Byte.carriageReturn {
            offset += text.lineEndLength(at: offset)
            return Byte.newline
        }
        offset += 1
        return byte
    }

    /// Takes `${NAME`; nil when no name is there.
    mutating func takeName() -> String? {
        let start = offset + 2
        var stop = start
        while stop < end, text[stop].continuesName { stop += 1 }
        guard stop > start, text[start].beginsName else { return nil }
        offset = stop
        return text.string(start..<stop)
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard offset < end, text[offset] == byte else { return false }
        offset += 1
        return true
    }
}
