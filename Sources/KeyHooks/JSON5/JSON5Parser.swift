/// A recursive-descent parser over bytes that were checked to be UTF-8 without NUL.
///
/// Position is kept while moving byte by byte: `columnOrigin` is the offset of column 1, moved along by each
/// continuation byte, so that columns count scalars without decoding them.
struct JSON5Parser {
    let bytes: [UInt8]
    let limits: JSON5.Limits
    var offset = 0
    var line = 1
    var columnOrigin = 0
    /// The containers around the current place, outermost first.
    var enclosing: [(container: JSONSyntaxError.Container, position: SourcePosition)] = []

    init(bytes: [UInt8], limits: JSON5.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    var position: SourcePosition { SourcePosition(line: line, column: offset - columnOrigin + 1) }

    /// The byte at the current place, or nil at the end.
    var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// The byte some way ahead, or nil past the end.
    func byte(ahead distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    /// Moves past one byte, counting lines and columns.
    mutating func advance() {
        let passed = bytes[offset]
        offset += 1
        switch passed {
        case .lineFeed:
            if offset < 2 || bytes[offset - 2] != .carriageReturn { line += 1 }
            columnOrigin = offset
        case .carriageReturn:
            line += 1
            columnOrigin = offset
        case 0x80...0xBF: columnOrigin += 1
        default: break
        }
    }

    /// Moves past several bytes.
    mutating func advance(by count: Int) {
        for _ in 0..<count { advance() }
    }

    /// Refuses what stands here where only JSON will do.
    func refuseIfStrict() throws(JSONSyntaxError) {
        if limits.isStrict { throw error(.onlyInJSON5) }
    }

    func error(_ kind: JSONSyntaxError.Kind) -> JSONSyntaxError { JSONSyntaxError(kind, at: position) }

    /// The error for a document that ends here: it names the innermost bracket that is still open.
    func unexpectedEnd() -> JSONSyntaxError {
        guard let innermost = enclosing.last else { return error(.emptyDocument) }
        return error(.unclosed(innermost.container, opened: innermost.position))
    }
}

extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let backslash = UInt8(ascii: "\\")

    var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// The value of a hexadecimal digit, or nil for any other byte.
    var hexDigitValue: UInt32? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
