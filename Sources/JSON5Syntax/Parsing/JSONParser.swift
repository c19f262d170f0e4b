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
}

// MARK: - Refusing

extension JSONParser {
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
}
