extension JSON5Parser {
    /// Moves past white space and comments, and refuses what never begins a token but is often written.
    mutating func skipTrivia() throws(JSONSyntaxError) {
        while let byte {
            switch byte {
            case 0x09, 0x0A, 0x0D, 0x20: advance()
            case 0x0B, 0x0C:
                try refuseIfStrict()
                advance()
            case UInt8(ascii: "/"): if try !skipComment() { return }
            case UInt8(ascii: "#"): throw error(.hashComment)
            case 0x80...:
                let (scalar, length) = scalarHere()
                if scalar.isTypographicQuote { throw error(.typographicQuote) }
                guard scalar.isJSON5WhiteSpace else { return }
                try refuseIfStrict()
                advance(by: length)
            default: return
            }
        }
    }

    /// Moves past a comment; returns false when the slash here does not begin one.
    private mutating func skipComment() throws(JSONSyntaxError) -> Bool {
        let start = position
        try refuseIfStrict()
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
