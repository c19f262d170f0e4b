/// Reads statements one after the other, in one pass over the bytes.
///
/// After an error it goes on at the next line, so all errors are found. A quote that reaches the end of the text without
/// being closed is scanned once: a later quote of the same kind would have closed it. Time is therefore linear.
struct LineParser {
    let text: Text
    var position: Int
    /// The line `position` is on, and where it starts.
    var line = 1
    var lineStart: Int
    var entries: [DotenvEntry] = []
    var diagnostics: [DotenvDiagnostic] = []
    private let faults: [TextFault]
    private var nextFault = 0

    init(_ text: Text, start: Int) {
        self.text = text
        position = start
        lineStart = start
        faults = TextFault.find(in: text)
    }

    mutating func parse() {
        while position < text.count {
            let start = Place(line: line, lineStart: lineStart)
            let count = entries.count
            parseLine()
            if nextFault < faults.count, faults[nextFault].offset < position {
                // What holds a bad byte is not an entry, wherever in it the byte is.
                entries.removeLast(entries.count - count)
                reportFaults(from: start)
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

    private mutating func reportFaults(from start: Place) {
        var place = start
        var offset = start.lineStart
        while nextFault < faults.count, faults[nextFault].offset < position {
            let fault = faults[nextFault]
            while offset < fault.offset {
                if text[offset].isLineEnd {
                    offset += text.lineEndLength(at: offset)
                    place = Place(line: place.line + 1, lineStart: offset)
                } else {
                    offset += 1
                }
            }
            report(fault.code, at: fault.offset, on: place)
            nextFault += 1
        }
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
            DotenvDiagnostic(code, line: place.line, column: offset - place.lineStart + 1, name: name)
        )
    }

    /// Reports an error at the current place and skips its line.
    mutating func fail(_ code: DotenvDiagnostic.Code, name: String? = nil) {
        report(code, at: position, name: name)
        endLine()
    }
}
