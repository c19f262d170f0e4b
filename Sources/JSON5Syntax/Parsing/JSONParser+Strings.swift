extension JSONParser {
    /// Parses the string whose opening quote stands here.
    mutating func parseString() throws(JSONSyntaxError) -> String {
        let start = position
        let quote = bytes[offset]
        if quote != UInt8(ascii: "\"") { try refuseUnlessJSON5() }
        advance()
        var text: [UInt8] = []
        var runStart = offset
        while let byte {
            switch byte {
            case quote:
                text.append(contentsOf: bytes[runStart..<offset])
                advance()
                return String(decoding: text, as: UTF8.self)
            case UInt8.backslash:
                text.append(contentsOf: bytes[runStart..<offset])
                if let scalar = try parseEscape() { text.append(contentsOf: UTF8.encode(scalar)!) }
                runStart = offset
            case UInt8.lineFeed, UInt8.carriageReturn:
                throw JSONSyntaxError(.unterminatedString, at: start)
            case ..<0x20 where syntax != .json5: throw error(.onlyInJSON5)
            default: advance()
            }
        }
        throw JSONSyntaxError(.unterminatedString, at: start)
    }

    /// Parses the escape whose backslash stands here; nil for a line continuation, which adds nothing.
    private mutating func parseEscape() throws(JSONSyntaxError) -> Unicode.Scalar? {
        guard let letter = byte(ahead: 1) else {
            advance()
            return nil
        }
        if !letter.isEscapedInJSON { try refuseUnlessJSON5() }
        switch letter {
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        case UInt8(ascii: "x"):
            guard let value = hexValue(ahead: 2, digits: 2) else { throw error(.invalidEscape) }
            advance(by: 4)
            return Unicode.Scalar(UInt8(value))
        case UInt8(ascii: "0"):
            // `\01` would be an octal escape in old JavaScript; JSON5 refuses it rather than guess.
            if let next = byte(ahead: 2), next.isASCIIDigit { throw error(.invalidEscape) }
            advance(by: 2)
            return "\0"
        case UInt8(ascii: "1")...UInt8(ascii: "9"): throw error(.invalidEscape)
        case UInt8.carriageReturn:
            advance(by: byte(ahead: 2) == .lineFeed ? 3 : 2)
            return nil
        case UInt8.lineFeed:
            advance(by: 2)
            return nil
        default:
            advance()
            let (scalar, length) = scalarHere()
            advance(by: length)
            return scalar.value == 0x2028 || scalar.value == 0x2029 ? nil : scalar.unescaped
        }
    }

    /// Parses `\u` with its four digits, or two of them that form a surrogate pair.
    mutating func parseUnicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard byte(ahead: 1) == UInt8(ascii: "u"), let high = hexValue(ahead: 2, digits: 4) else {
            throw error(.invalidEscape)
        }
        if let scalar = Unicode.Scalar(high) {
            advance(by: 6)
            return scalar
        }
        guard high < 0xDC00, byte(ahead: 6) == .backslash, byte(ahead: 7) == UInt8(ascii: "u"),
            let low = hexValue(ahead: 8, digits: 4), (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10 | (low - 0xDC00)))
        else { throw error(.loneSurrogate) }
        advance(by: 12)
        return scalar
    }

    /// The value of so many hexadecimal digits some way ahead, or nil when they are not all there.
    private func hexValue(ahead distance: Int, digits: Int) -> UInt32? {
        var value: UInt32 = 0
        for index in 0..<digits {
            guard let digit = byte(ahead: distance + index)?.hexDigitValue else { return nil }
            value = value << 4 | digit
        }
        return value
    }
}

extension UInt8 {
    /// Whether JSON has an escape with this letter.
    fileprivate var isEscapedInJSON: Bool { "\"\\/bfnrtu".utf8.contains(self) }
}

extension Unicode.Scalar {
    /// What the scalar means after a backslash; most stand for themselves.
    fileprivate var unescaped: Unicode.Scalar {
        switch self {
        case "b": "\u{8}"
        case "f": "\u{C}"
        case "n": "\n"
        case "r": "\r"
        case "t": "\t"
        case "v": "\u{B}"
        default: self
        }
    }
}

extension JSONParser {
    /// Parses a member's name: a string, or an identifier as ECMAScript 5.1 defines it.
    mutating func parseKey() throws(JSONSyntaxError) -> String {
        guard let byte else { throw unexpectedEnd() }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return try parseString() }
        try refuseUnlessJSON5()
        let start = position
        var name = String.UnicodeScalarView()
        while let scalar = try parseIdentifierScalar(isFirst: name.isEmpty) { name.append(scalar) }
        if name.isEmpty {
            throw error(byte.isStructural ? .expectedKey : .unquotedKey)
        }
        if let next = self.byte, next.runsOnFromIdentifier { throw JSONSyntaxError(.unquotedKey, at: start) }
        return String(name)
    }

    /// Parses `true`, `false` or `null`, the words that are values, and the two that are numbers.
    mutating func parseWord() throws(JSONSyntaxError) -> JSONNode.Kind {
        for (word, kind) in Self.words where skipWord(word) {
            if case .number = kind { try refuseUnlessJSON5() }
            return kind
        }
        guard isAtIdentifierPart else { throw error(.expectedValue) }
        throw JSONSyntaxError(.bareWord, at: position, suggestion: meantWord())
    }

    /// The word that was meant by one that is misspelt, such as `fase`.
    private func meantWord() -> String? {
        let letters = bytes[offset...].prefix(10).prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
        return closestMatch(to: String(decoding: letters, as: UTF8.self), among: ["true", "false", "null"])
    }

    private static let words: [(StaticString, JSONNode.Kind)] = [
        ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
        ("Infinity", .number(.double(.infinity))), ("NaN", .number(.double(.nan))),
    ]

    /// Moves past a word if exactly this word stands here.
    mutating func skipWord(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { bytes[offset...].starts(with: $0) }
        guard matches else { return false }
        var after = self
        after.advance(by: length)
        guard !after.isAtIdentifierPart else { return false }
        self = after
        return true
    }

    /// Whether a scalar that can continue an identifier stands here.
    var isAtIdentifierPart: Bool {
        guard let byte else { return false }
        return byte == .backslash || scalarHere().scalar.isIdentifierPart
    }

    /// Parses one scalar of an identifier, plain or escaped; nil where the identifier ends.
    private mutating func parseIdentifierScalar(isFirst: Bool) throws(JSONSyntaxError) -> Unicode.Scalar? {
        guard let byte else { return nil }
        guard byte == .backslash else {
            let (scalar, length) = scalarHere()
            guard scalar.isIdentifier(first: isFirst) else { return nil }
            advance(by: length)
            return scalar
        }
        let start = position
        let scalar = try parseUnicodeEscape()
        guard scalar.isIdentifier(first: isFirst) else { throw JSONSyntaxError(.unquotedKey, at: start) }
        return scalar
    }
}

extension UInt8 {
    /// Whether the byte is one of the characters a document's structure is made of.
    fileprivate var isStructural: Bool { "{}[],:".utf8.contains(self) }

    /// Whether the byte after an identifier shows that a longer name was meant, as in `open-ai` or `a.b`.
    fileprivate var runsOnFromIdentifier: Bool { "-.@+*".utf8.contains(self) }
}

extension Unicode.Scalar {
    fileprivate var isIdentifierPart: Bool { isIdentifier(first: false) }

    /// Whether the scalar may stand in an identifier, in first place or later.
    fileprivate func isIdentifier(first: Bool) -> Bool {
        switch self {
        case "a"..."z", "A"..."Z", "_", "$": return true
        case "0"..."9", "\u{200C}", "\u{200D}": return !first
        default: break
        }
        if isASCII { return false }
        return switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber: true
        case .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation: !first
        default: false
        }
    }
}
