/// Reads statements one after the other, in one pass over the bytes.
///
/// After an error it goes on at the next line, so all errors are found. A quote that reaches the end of the text
/// without being closed is scanned once: a later quote of the same kind would have closed it. Time is therefore linear.
struct LineParser {
    let text: Text
    var position: Int
    /// The line `position` is on, and where it starts.
    var line = 1
    var lineStart: Int
    var entries: [DotenvEntry] = []
    var diagnostics: [DotenvDiagnostic] = []
    private let faults: [Fault]
    private var nextFault = 0

    init(_ text: Text, start: Int) {
        self.text = text
        position = start
        lineStart = start
        faults = Fault.all(in: text, from: start)
    }

    mutating func parse() {
        while position < text.count {
            let count = entries.count
            parseLine()
            while nextFault < faults.count, faults[nextFault].offset < position {
                // What holds a bad byte is not an entry, wherever in it the byte is.
                entries.removeLast(entries.count - count)
                report(faults[nextFault].code, at: faults[nextFault].offset, on: faults[nextFault].place)
                nextFault += 1
            }
        }
    }

    private mutating func parseLine() {
        skipBlanks()
        guard let byte = current else { return }
        if byte == Byte.hash || byte.isLineEnd {
            endLine()
        } else {
            parseStatement()
        }
    }

    /// A line and where it starts.
    struct Place {
        var line: Int
        var lineStart: Int
    }
}

// MARK: - Moving and reporting

extension LineParser {
    @inline(__always)
    var current: UInt8? { position < text.count ? text[position] : nil }

    /// Whether a statement may end here: at the end of its line, or at a comment.
    @inline(__always)
    var isAtLineEnd: Bool { position == text.count || text[position].isLineEnd }

    @inline(__always)
    mutating func skipBlanks() {
        while position < text.count, text[position].isBlank { position += 1 }
    }

    /// Moves past the rest of the line and its ending.
    mutating func endLine() {
        while position < text.count, !text[position].isLineEnd { position += 1 }
        guard position < text.count else { return }
        position += text.lineEndLength(at: position)
        line += 1
        lineStart = position
    }

    mutating func report(_ code: DotenvDiagnostic.Code, at offset: Int, on place: Place? = nil, name: String? = nil) {
        let place = place ?? Place(line: line, lineStart: lineStart)
        diagnostics.append(
            DotenvDiagnostic(
                code,
                line: place.line,
                column: text.column(of: offset, from: place.lineStart),
                name: name
            )
        )
    }

    /// Reports an error at the current place and skips its line.
    mutating func fail(_ code: DotenvDiagnostic.Code, name: String? = nil) {
        report(code, at: position, name: name)
        endLine()
    }

    // MARK: - JSON, which is refused

    /// Whether an object or array of JSON begins here: an opening bracket and what JSON has behind it.
    var beginsJSON: Bool {
        guard let open = current, open == Byte.openBrace || open == UInt8(ascii: "[") else { return false }
        let first = text[(position + 1)...].first { !$0.isBlank && !$0.isLineEnd }
        return first == Byte.doubleQuote || open != Byte.openBrace && first == Byte.openBrace
    }

    /// Reports JSON once, and goes on behind it where it is the beginning of the text.
    ///
    /// Further down only its first line is skipped: a text may have many lines that look like the beginning of JSON,
    /// and none of them may be looked through to the end.
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
        repeat { endLine() } while position < end
    }

    // MARK: - Bad bytes

    /// A byte that may not be in a text.
    private struct Fault {
        let offset: Int
        let place: Place
        let code: DotenvDiagnostic.Code

        /// The first fault of each line.
        static func all(in text: Text, from start: Int) -> [Fault] {
            if !text.contains(0), String(validating: text, as: UTF8.self) != nil { return [] }
            var faults: [Fault] = []
            var place = Place(line: 1, lineStart: start)
            var isLineFaulty = false
            var offset = 0
            var input = text.makeIterator()
            var decoder = UTF8.ForwardParser()
            while true {
                var fault: DotenvDiagnostic.Code?
                let here = offset
                switch decoder.parseScalar(from: &input) {
                case .emptyInput: return faults
                case .error(let length):
                    fault = .invalidUTF8
                    offset += length
                case .valid(let scalar):
                    fault = text[here] == 0 ? .nul : nil
                    offset += scalar.count
                }
                if text[here].isLineEnd {
                    isLineFaulty = false
                    let isSecondOfTwo = here > 0 && text.lineEndLength(at: here - 1) == 2
                    place = Place(line: place.line + (isSecondOfTwo ? 0 : 1), lineStart: offset)
                }
                guard let fault, !isLineFaulty else { continue }
                isLineFaulty = true
                faults.append(Fault(offset: here, place: place, code: fault))
            }
        }
    }
}
