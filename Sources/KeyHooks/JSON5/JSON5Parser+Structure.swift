extension JSON5Parser {
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
                if !elements.isEmpty { try refuseIfStrict() }
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
        // Compared as Swift strings are, so a name and its decomposed twin count as one: whoever reads the members
        // into a dictionary cannot tell them apart either.
        var lines: [String: Int] = [:]
        while true {
            try skipTrivia()
            if byte == UInt8(ascii: "}") {
                if !members.isEmpty { try refuseIfStrict() }
                break
            }
            let start = position
            let name = try parseKey()
            guard name.utf8.count <= limits.keySize else {
                throw JSONSyntaxError(.keyTooLong(limit: limits.keySize), at: start)
            }
            if let firstLine = lines.updateValue(start.line, forKey: name) {
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
}
