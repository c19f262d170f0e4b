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
