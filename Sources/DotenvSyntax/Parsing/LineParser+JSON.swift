extension LineParser {
    /// Whether an object or array of JSON begins here: an opening bracket and what JSON has behind it.
    var beginsJSON: Bool {
        guard let open = current, open == Byte.openBrace || open == UInt8(ascii: "[") else { return false }
        var offset = position + 1
        while offset < text.count, text[offset].isBlank || text[offset].isLineEnd { offset += 1 }
        guard offset < text.count else { return false }
        return text[offset] == Byte.doubleQuote || open != Byte.openBrace && text[offset] == Byte.openBrace
    }

    /// Reports JSON once, and goes on behind it where it is the beginning of the text.
    ///
    /// Further down only its first line is skipped: a text may have many lines that look like the beginning of JSON, and
    /// none of them may be looked through to the end.
    mutating func failJSON() {
        let end = entries.isEmpty && diagnostics.isEmpty ? endOfJSON : nil
        report(.json, at: position)
        skip(to: end ?? position)
    }

    /// The place behind the last bracket; nil if one stays open.
    private var endOfJSON: Int? {
        var depth = 0
        var isInText = false
        var offset = position
        while offset < text.count {
            switch text[offset] {
            case Byte.backslash where isInText: offset += 1
            case Byte.doubleQuote: isInText.toggle()
            case Byte.openBrace where !isInText, UInt8(ascii: "[") where !isInText: depth += 1
            case Byte.closeBrace where !isInText, UInt8(ascii: "]") where !isInText:
                depth -= 1
                if depth == 0 { return offset + 1 }
            default: break
            }
            offset += 1
        }
        return nil
    }

    /// Goes on with the line after a place.
    mutating func skip(to end: Int) {
        while position < end {
            if text[position].isLineEnd {
                position += text.lineEndLength(at: position)
                line += 1
                lineStart = position
            } else {
                position += 1
            }
        }
        endLine()
    }
}
