extension JSONParser {
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
