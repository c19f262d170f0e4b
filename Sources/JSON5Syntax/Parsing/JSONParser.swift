/// Reads JSON and JSON5 1.0 into a tree that knows where each value stands.
///
/// Stricter than the specification where leniency hides mistakes: keys may not repeat, numbers must fit a `Double`,
/// half surrogate pairs and NUL bytes are refused.
///
/// A recursive-descent parser over bytes that were checked to be UTF-8 without NUL. Position is kept while moving byte
/// by byte: `columnOrigin` is the offset of column 1, moved along by each continuation byte, so that columns count
/// scalars without decoding them.
package struct JSONParser {
    /// What is read.
    package enum Syntax: Sendable, Hashable {
        /// JSON with what JSON5 adds for people who write by hand.
        case json5
        /// JSON as RFC 8259 has it, and nothing else.
        case json
        /// The same, with numbers other than 64-bit integers kept as they were written, and of any size.
        case jsonKeepingNumbers
    }

    /// What a document may cost.
    package struct Limits: Sendable, Hashable {
        /// The number of bytes a document may have.
        package var size: Int
        /// How deeply arrays and objects may be nested, at most 512 because parsing uses the stack.
        package var depth: Int
        /// The number of bytes a key may have: hashing a key of nothing but combining marks takes quadratic time.
        package var keySize: Int

        /// Creates limits; the defaults suit configuration files.
        package init(size: Int = 1 << 20, depth: Int = 128, keySize: Int = 1024) {
            self.size = size
            self.depth = depth
            self.keySize = keySize
        }
    }

    /// Parses one document given as UTF-8.
    ///
    /// - Parameters:
    ///   - bytes: The document; in JSON5, a byte order mark at the start is skipped.
    ///   - syntax: What is read.
    ///   - limits: What the document may cost.
    /// - Returns: The document's value.
    /// - Throws: The first mistake in the document.
    package static func parse(
        _ bytes: some Collection<UInt8>,
        syntax: Syntax = .json5,
        limits: Limits = Limits()
    ) throws(JSONSyntaxError) -> JSONNode {
        guard bytes.count <= limits.size else {
            throw JSONSyntaxError(.documentTooLarge(limit: limits.size), at: .start)
        }
        var parser = JSONParser(bytes: Array(bytes), syntax: syntax, limits: limits)
        return try parser.parseDocument()
    }

    let bytes: [UInt8]
    let syntax: Syntax
    let limits: Limits
    var offset = 0
    var line = 1
    var columnOrigin = 0
    /// The containers around the current place, outermost first.
    var enclosing: [(container: JSONSyntaxError.Container, position: SourcePosition)] = []

    private init(bytes: [UInt8], syntax: Syntax, limits: Limits) {
        self.bytes = bytes
        self.syntax = syntax
        self.limits = limits
    }
}

// MARK: - Moving

extension JSONParser {
    var position: SourcePosition { SourcePosition(line: line, column: offset - columnOrigin + 1) }

    /// The byte at the current place, or nil at the end.
    var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// The byte some way ahead, or nil past the end.
    func byte(ahead distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    /// The scalar that begins here, before the end, and the number of its bytes.
    func scalarHere() -> (scalar: Unicode.Scalar, length: Int) {
        let first = UInt32(bytes[offset])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = length == 1 ? first : first & (0x7F >> UInt32(length))
        for index in offset + 1..<offset + length { value = value << 6 | UInt32(bytes[index] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
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

    /// Moves past a byte order mark without giving it a column.
    mutating func skipByteOrderMark() {
        guard offset == 0, syntax == .json5, bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
        offset = 3
        columnOrigin = 3
    }

    // MARK: - Refusing

    /// Refuses NUL and bytes that are not UTF-8, so that the rest may decode without checks.
    func checkBytes() throws(JSONSyntaxError) {
        if !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil { return }
        var input = bytes.makeIterator()
        var decoder = UTF8.ForwardParser()
        var good = 0
        while case .valid(let scalar) = decoder.parseScalar(from: &input), scalar.first != 0 { good += scalar.count }
        var walker = self
        walker.skipByteOrderMark()
        while walker.offset < good { walker.advance() }
        throw walker.error(bytes[good] == 0 ? .nulByte : .invalidUTF8)
    }

    /// Refuses what stands here where only JSON will do.
    func refuseUnlessJSON5() throws(JSONSyntaxError) {
        if syntax != .json5 { throw error(.onlyInJSON5) }
    }

    func error(_ kind: JSONSyntaxError.Kind) -> JSONSyntaxError { JSONSyntaxError(kind, at: position) }

    /// The error for a document that ends here: it names the innermost bracket that is still open.
    func unexpectedEnd() -> JSONSyntaxError {
        guard let innermost = enclosing.last else { return error(.emptyDocument) }
        return error(.unclosed(innermost.container, opened: innermost.position))
    }

    /// Parses the number that begins here with a digit, a point or a sign.
    mutating func parseNumber() throws(JSONSyntaxError) -> JSONNumber {
        let start = position
        let isNegative = byte == UInt8(ascii: "-")
        if byte == UInt8(ascii: "+") { try refuseUnlessJSON5() }
        if isNegative || byte == UInt8(ascii: "+") { advance() }
        // Digits on both sides of the point, and nothing else: JSON has no other numbers.
        if !(byte?.isASCIIDigit ?? false) { try refuseUnlessJSON5() }
        if skipWord("Infinity") { return .double(isNegative ? -.infinity : .infinity) }
        if skipWord("NaN") { return .double(.nan) }

        let isHexadecimal = byte == UInt8(ascii: "0") && (byte(ahead: 1).map { $0 | 0x20 } == UInt8(ascii: "x"))
        if isHexadecimal { try refuseUnlessJSON5() }
        let number = try isHexadecimal ? parseHexadecimal(isNegative, start) : parseDecimal(isNegative, start)
        if syntax != .jsonKeepingNumbers, !number.double.isFinite {
            throw JSONSyntaxError(.numberOutOfRange, at: start)
        }
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "@"):
            throw JSONSyntaxError(.textAfterNumber, at: start)
        default:
            if isAtIdentifierPart { throw JSONSyntaxError(.textAfterNumber, at: start) }
        }
        return number
    }

    private mutating func parseHexadecimal(
        _ isNegative: Bool,
        _ start: SourcePosition
    ) throws(JSONSyntaxError) -> JSONNumber {
        advance(by: 2)
        let first = offset
        while let byte, byte.hexDigitValue != nil { advance() }
        guard offset > first else { throw JSONSyntaxError(.invalidNumber, at: start) }
        let sign = isNegative ? "-" : ""
        let digits = text(from: first)
        return number(integer: Int64(sign + digits, radix: 16), isNegative, otherwise: sign + "0x" + digits + "p0")
    }

    private mutating func parseDecimal(
        _ isNegative: Bool,
        _ start: SourcePosition
    ) throws(JSONSyntaxError) -> JSONNumber {
        let first = offset
        let wholeDigits = skipDigits()
        if wholeDigits > 1, bytes[first] == UInt8(ascii: "0") { throw JSONSyntaxError(.leadingZero, at: start) }
        var isInteger = true
        var fractionDigits = 0
        if byte == UInt8(ascii: ".") {
            isInteger = false
            advance()
            fractionDigits = skipDigits()
            if fractionDigits == 0 { try refuseUnlessJSON5() }
        }
        // Bare signs and points are left to the caller's reading of what follows: `-abc` is text, `-` is cut short.
        guard wholeDigits + fractionDigits > 0 else {
            throw JSONSyntaxError(isAtIdentifierPart ? .textAfterNumber : .invalidNumber, at: start)
        }
        if let byte, byte | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            advance()
            if self.byte == UInt8(ascii: "+") || self.byte == UInt8(ascii: "-") { advance() }
            guard skipDigits() > 0 else {
                throw JSONSyntaxError(isAtIdentifierPart ? .textAfterNumber : .invalidNumber, at: start)
            }
        }
        let text = (isNegative ? "-" : "") + text(from: first)
        return number(integer: isInteger ? Int64(text) : nil, isNegative, otherwise: text)
    }

    /// Keeps an integer that fits, except `-0`, which only a `Double` can hold.
    private func number(integer: Int64?, _ isNegative: Bool, otherwise text: String) -> JSONNumber {
        if let integer, integer != 0 || !isNegative { return .integer(integer) }
        if syntax == .jsonKeepingNumbers { return .written(text) }
        // The text is well formed by now, so nil cannot happen; not-finite makes it an error rather than a crash.
        return .double(Double(text) ?? .infinity)
    }

    private mutating func skipDigits() -> Int {
        let first = offset
        while let byte, byte.isASCIIDigit { advance() }
        return offset - first
    }

    private func text(from first: Int) -> String { String(decoding: bytes[first..<offset], as: UTF8.self) }
}
