extension LineParser {
    /// The value of a statement, from the byte after its `=`.
    @inline(__always)
    mutating func parseValue(_ head: Head) {
        let start = position
        skipBlanks()
        guard let byte = current, !byte.isLineEnd, byte != Byte.hash || position == start else {
            return append(head, value: "", quoting: .none, range: start..<start)
        }
        switch byte {
        case Byte.singleQuote, Byte.doubleQuote:
            if let end = endOfTripleQuotes(byte) { return failQuotes(.tripleQuotes, head, end: end) }
            parseQuoted(head, quote: byte)
        default:
            if byte == Byte.backtick {
                if let end = endOfBackticks { return failQuotes(.backtickQuotes, head, end: end) }
                report(.literalBacktick, at: position, name: text.string(head.name))
            }
            let range = scanBare()
            if let semicolon = secondStatement(in: range) {
                report(.semicolonInValue, at: semicolon, name: text.string(head.name))
            }
            append(head, value: text.string(range), quoting: .none, range: range)
        }
    }

    /// Where the `;` before another `export` is, with which a shell begins a statement; nil if there is none.
    private func secondStatement(in range: Range<Int>) -> Int? {
        guard let semicolon = text[range].firstIndex(of: Byte.semicolon) else { return nil }
        let rest = text[(semicolon + 1)..<range.upperBound].drop { $0.isBlank }
        return rest.starts(with: "export ".utf8) ? semicolon : nil
    }

    /// Where a value in three quotes ends; nil if it isn't in three quotes.
    ///
    /// Without an end it is taken for one that ends with its line.
    private func endOfTripleQuotes(_ quote: UInt8) -> Int? {
        func isTriple(at offset: Int) -> Bool {
            offset + 2 < text.count && text[offset] == quote && text[offset + 1] == quote && text[offset + 2] == quote
        }
        guard isTriple(at: position) else { return nil }
        return (position + 3..<max(position + 3, text.count)).first(where: isTriple).map { $0 + 3 } ?? position + 3
    }

    /// Where a value in back-ticks that spans lines ends; nil if it ends on its line or nowhere.
    private var endOfBackticks: Int? {
        guard let end = text[(position + 1)...].firstIndex(of: Byte.backtick) else { return nil }
        return text[position..<end].contains(where: \.isLineEnd) ? end + 1 : nil
    }

    /// Reports quotes that are none here once, and goes on after the value.
    private mutating func failQuotes(_ code: DotenvDiagnostic.Code, _ head: Head, end: Int) {
        report(code, at: position, name: text.string(head.name))
        skip(to: end)
    }

    /// Everything to the end of the line or to a `#` after a blank, without the blanks at its end.
    private mutating func scanBare() -> Range<Int> {
        let start = position
        var end = position
        while position < text.count {
            let byte = text[position]
            if byte > Byte.hash {
                position += 1
                end = position
                continue
            }
            if byte.isLineEnd || (byte == Byte.hash && end < position) { break }
            position += 1
            if !byte.isBlank { end = position }
        }
        return start..<end
    }

    /// A value in quotes, from its opening quote.
    private mutating func parseQuoted(_ head: Head, quote: UInt8) {
        let open = position
        guard let body = scanQuoted(quote) else {
            position = open
            return fail(.unterminatedQuote, name: text.string(head.name))
        }
        position = body.range.upperBound + 1
        let place = body.lastLine
        skipBlanks()
        if !isAtLineEnd, current != Byte.hash {
            let code: DotenvDiagnostic.Code =
                current == Byte.semicolon ? .semicolonAfterQuote : .textAfterClosingQuote
            report(code, at: position, on: place, name: text.string(head.name))
            // A quote left open on an earlier line ends at the next one found: what lies between are statements.
            position = open
            return endLine()
        }
        line = place.line
        lineStart = place.lineStart
        let value = body.isPlain ? text.string(body.range) : text.unescaped(body.range, quote: quote)
        append(
            head,
            value: value,
            quoting: quote == Byte.singleQuote ? .single : .double,
            range: open..<(body.range.upperBound + 1)
        )
    }

    private struct QuotedBody {
        var range: Range<Int>
        /// Whether the bytes are the value as they stand.
        var isPlain = true
        var lastLine: Place
    }

    /// Finds the closing quote; nil when there is none.
    private func scanQuoted(_ quote: UInt8) -> QuotedBody? {
        let start = position + 1
        var offset = start
        var body = QuotedBody(range: start..<start, lastLine: Place(line: line, lineStart: lineStart))
        while offset < text.count {
            let byte = text[offset]
            if byte == quote {
                body.range = start..<offset
                return body
            }
            switch byte {
            case Byte.newline, Byte.carriageReturn:
                if byte == Byte.carriageReturn { body.isPlain = false }
                offset += text.lineEndLength(at: offset)
                body.lastLine = Place(line: body.lastLine.line + 1, lineStart: offset)
            case Byte.backslash where quote == Byte.doubleQuote:
                body.isPlain = false
                let isPair = offset + 1 < text.count && !text[offset + 1].isLineEnd
                offset += isPair ? 2 : 1
            default:
                offset += 1
            }
        }
        return nil
    }
}

extension Text {
    /// A quoted value without its escapes, each line ending as one `\n`.
    ///
    /// It is never longer than the raw text.
    func unescaped(_ range: Range<Int>, quote: UInt8) -> String {
        String(unsafeUninitializedCapacity: range.count) { output in
            var written = 0
            var offset = range.lowerBound
            while offset < range.upperBound {
                var byte = self[offset]
                if byte == Byte.carriageReturn {
                    offset += lineEndLength(at: offset)
                    byte = Byte.newline
                } else if byte == Byte.backslash, quote == Byte.doubleQuote, offset + 1 < range.upperBound,
                    let meaning = self[offset + 1].unescaped
                {
                    offset += 2
                    byte = meaning
                } else {
                    offset += 1
                }
                output[written] = byte
                written += 1
            }
            return written
        }
    }
}
