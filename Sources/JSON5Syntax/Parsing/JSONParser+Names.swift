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
        let mistake = error(.bareWord)
        throw JSONSyntaxError(.bareWord, at: mistake.position, suggestion: meantWord())
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
    fileprivate var isStructural: Bool {
        switch self {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"): true
        case UInt8(ascii: ","), UInt8(ascii: ":"): true
        default: false
        }
    }

    /// Whether the byte after an identifier shows that a longer name was meant, as in `open-ai` or `a.b`.
    fileprivate var runsOnFromIdentifier: Bool {
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "*"): true
        default: false
        }
    }
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
