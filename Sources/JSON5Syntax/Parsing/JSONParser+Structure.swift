extension JSONParser {
    /// Parses the whole document: one value with nothing but white space and comments around it.
    mutating func parseDocument() throws(JSONSyntaxError) -> JSONNode {
        try checkBytes()
        skipByteOrderMark()
        try skipTrivia()
        let value = try parseValue()
        try skipTrivia()
        guard byte == nil else { throw error(.contentAfterDocument) }
        return value
    }

    /// Parses the value that begins here; white space before it is already skipped.
    mutating func parseValue() throws(JSONSyntaxError) -> JSONNode {
        guard let byte else { throw unexpectedEnd() }
        let start = position
        switch byte {
        case UInt8(ascii: "{"): return try JSONNode(.object(parseObject()), at: start)
        case UInt8(ascii: "["): return try JSONNode(.array(parseArray()), at: start)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try JSONNode(.string(parseString()), at: start)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return try JSONNode(.number(parseNumber()), at: start)
        default: return try JSONNode(parseWord(), at: start)
        }
    }

    private mutating func parseArray() throws(JSONSyntaxError) -> [JSONNode] {
        try enter(.array)
        var elements: [JSONNode] = []
        while true {
            try skipTrivia()
            if byte == UInt8(ascii: "]") {
                if !elements.isEmpty { try refuseUnlessJSON5() }
                break
            }
            elements.append(try parseValue())
            if try !parseSeparator(in: .array, closing: UInt8(ascii: "]")) { break }
        }
        leave()
        return elements
    }

    private mutating func parseObject() throws(JSONSyntaxError) -> [JSONMember] {
        try enter(.object)
        var members: [JSONMember] = []
        var lines: [ExactText: Int] = [:]
        while true {
            try skipTrivia()
            if byte == UInt8(ascii: "}") {
                if !members.isEmpty { try refuseUnlessJSON5() }
                break
            }
            let start = position
            let name = try parseKey()
            guard name.utf8.count <= limits.keySize else {
                throw JSONSyntaxError(.keyTooLong(limit: limits.keySize), at: start)
            }
            if let firstLine = lines.updateValue(start.line, forKey: ExactText(name)) {
                throw JSONSyntaxError(.duplicateKey(firstLine: firstLine), at: start)
            }
            try skipTrivia()
            guard let byte else { throw unexpectedEnd() }
            guard byte == UInt8(ascii: ":") else { throw error(.expectedColon) }
            advance()
            try skipTrivia()
            members.append(try JSONMember(name, parseValue(), at: start))
            if try !parseSeparator(in: .object, closing: UInt8(ascii: "}")) { break }
        }
        leave()
        return members
    }

    /// Moves past a comma and returns true, or returns false at the closing bracket.
    private mutating func parseSeparator(
        in container: JSONSyntaxError.Container,
        closing: UInt8
    ) throws(JSONSyntaxError) -> Bool {
        try skipTrivia()
        switch byte {
        case UInt8(ascii: ","):
            advance()
            return true
        case closing: return false
        case nil: throw unexpectedEnd()
        default: throw error(.expectedSeparator(container))
        }
    }

    private mutating func enter(_ container: JSONSyntaxError.Container) throws(JSONSyntaxError) {
        let deepest = min(limits.depth, 512)
        guard enclosing.count < deepest else { throw error(.nestingTooDeep(limit: deepest)) }
        enclosing.append((container, position))
        advance()
    }

    private mutating func leave() {
        enclosing.removeLast()
        advance()
    }

    // MARK: - White space and comments

    /// Moves past white space and comments, and refuses what never begins a token but is often written.
    mutating func skipTrivia() throws(JSONSyntaxError) {
        while let byte {
            switch byte {
            case 0x09, 0x0A, 0x0D, 0x20: advance()
            case 0x0B, 0x0C:
                try refuseUnlessJSON5()
                advance()
            case UInt8(ascii: "/"): if try !skipComment() { return }
            case UInt8(ascii: "#"): throw error(.hashComment)
            case 0x80...:
                let (scalar, length) = scalarHere()
                if scalar.isTypographicQuote { throw error(.typographicQuote) }
                guard scalar.isJSON5WhiteSpace else { return }
                try refuseUnlessJSON5()
                advance(by: length)
            default: return
            }
        }
    }

    /// Moves past a comment; returns false when the slash here does not begin one.
    private mutating func skipComment() throws(JSONSyntaxError) -> Bool {
        let start = position
        try refuseUnlessJSON5()
        switch byte(ahead: 1) {
        case UInt8(ascii: "/"):
            while !isAtLineTerminator, byte != nil { advance() }
        case UInt8(ascii: "*"):
            advance(by: 2)
            while byte != UInt8(ascii: "*") || byte(ahead: 1) != UInt8(ascii: "/") {
                guard byte != nil else { throw JSONSyntaxError(.unterminatedComment, at: start) }
                advance()
            }
            advance(by: 2)
        default: return false
        }
        return true
    }

    /// Whether LF, CR, U+2028 or U+2029 stands here.
    private var isAtLineTerminator: Bool {
        switch byte {
        case UInt8.lineFeed, UInt8.carriageReturn: true
        case 0xE2: byte(ahead: 1) == 0x80 && (byte(ahead: 2) == 0xA8 || byte(ahead: 2) == 0xA9)
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// White space and line terminators beyond ASCII, as JSON5 lists them.
    fileprivate var isJSON5WhiteSpace: Bool {
        switch value {
        case 0xA0, 0x2028, 0x2029, 0xFEFF: true
        default: properties.generalCategory == .spaceSeparator
        }
    }

    /// The quotes word processors put in place of straight ones.
    fileprivate var isTypographicQuote: Bool { (0x2018...0x201F).contains(value) }
}
