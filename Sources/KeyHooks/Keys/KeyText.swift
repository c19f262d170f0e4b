import JSON5Syntax
import LightFoundation

// What the text of a key says about itself.

extension StringProtocol {
    /// The text without ASCII white space and line ends around it.
    package var trimmedOfBlanks: Substring { trimmed { $0 == " " || (0x09...0x0D).contains($0.value) } }

    /// The text without white space and line ends around it, nor the quotation marks that may be around what is left.
    package var bare: Substring {
        // U+200B has no property of white space, and is as invisible.
        let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace || scalar == "\u{200B}" }
        let text = trimmed(isBlank)
        guard text.utf8.count >= 2, let mark = text.first, mark == text.last, "'\"`".contains(mark) else { return text }
        return text.dropFirst().dropLast().trimmed(isBlank)
    }

    private func trimmed(_ isBlank: (Unicode.Scalar) -> Bool) -> Substring {
        let text = Substring(self)
        guard let first = text.unicodeScalars.firstIndex(where: { !isBlank($0) }),
            let last = text.unicodeScalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return text[first..<text.unicodeScalars.index(after: last)]
    }

    /// Whether it is PEM and nothing else, such as a private key or a chain of certificates.
    ///
    /// Of the header lines of old encrypted keys (RFC 1421) there are those two that OpenSSL writes.
    var isPEM: Bool {
        var label: Substring?
        var hasBlock = false
        for line in Substring(self).split(whereSeparator: \.isNewline) {
            if let open = label {
                if line == "-----END \(open)-----" {
                    (label, hasBlock) = (nil, true)
                } else if !line.isBase64, !line.hasPrefix("Proc-Type: "), !line.hasPrefix("DEK-Info: ") {
                    return false
                }
            } else {
                guard line.hasPrefix("-----BEGIN "), line.hasSuffix("-----"), line.utf8.count > 16 else { return false }
                label = Substring(line.dropFirst(11).dropLast(5))
            }
        }
        return hasBlock && label == nil
    }

    /// Whether it has the characters of Base64 (RFC 4648) only.
    var isBase64: Bool { utf8.allSatisfy { $0.isBase64Digit || $0 == UInt8(ascii: "=") } }

    /// Whether it is a JSON object, by all of its text.
    var isValidJSON: Bool { isJSON && (try? JSONParser.parse(utf8, syntax: .json)) != nil }

    /// Whether it is a JSON object or array.
    var isJSON: Bool {
        let next = dropFirst().first { !$0.isWhitespace }
        if hasPrefix("{"), hasSuffix("}") { return next == "\"" && contains(":") }
        return hasPrefix("[") && hasSuffix("]") && (next == "\"" || next == "{")
    }

    /// Whether it is the address of a server.
    var isURL: Bool {
        ["https://", "http://"].contains { utf8.count > $0.utf8.count && prefix($0.count).lowercased() == $0 }
    }

    /// Whether it begins with a variable's name, in capitals, and `=`.
    var isAssignment: Bool {
        let text = hasPrefix("export ") ? dropFirst("export ".count) : self[...]
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), text[equals...].utf8.count > 3 else {
            return false
        }
        let name = text[..<equals]
        return name.contains("_") && name.first?.isLetter == true
            && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0.isWordByte && !(0x61...0x7A).contains($0) }
    }

    /// What no header can carry and no text of a key has; nil for nothing.
    ///
    /// A tab isn't a control character here, nor is a line end of a document where one is wanted: elsewhere it would
    /// end a header field and begin another. A process gives bytes that aren't UTF-8 as U+FFFD: what is left is another
    /// key.
    ///
    /// - Parameter use: What it is wanted for.
    /// - Returns: What is wrong and what to do; never the text.
    func fault(as use: KeyUse) -> (words: String, remedy: String)? {
        // Once, since it looks at the whole text.
        let mayHaveLines = use.mayHaveLines(self)
        var offset = 0
        for (index, scalar) in unicodeScalars.enumerated() {
            if scalar == "\u{FFFD}" {
                return (
                    "has bytes that aren't UTF-8 at byte \(offset + 1), or the character U+FFFD in their place",
                    "write the key there again, in UTF-8"
                )
            }
            let isControl = scalar.value < 0x20 || scalar.value == 0x7F
            if isControl, scalar != "\t", !(mayHaveLines && (scalar == "\n" || scalar == "\r")) {
                return (
                    "has a control character (\(scalar.codePoint) at position \(index + 1)), which no key has",
                    "write the key there again, on one line"
                )
            }
            offset += UTF8.width(scalar)
        }
        return nil
    }

    /// What a key begins with that was encoded in base64, as Kubernetes wants secrets, once more than it was decoded:
    /// one of the beginnings that vendors' keys have; nil if it is nothing of the kind.
    var prefixOfEncodedKey: String? {
        // Enough to be sure, and no more of the key than that.
        let length = 24
        let body = utf8.reversed().drop { $0 == UInt8(ascii: "=") }.count
        let standard = String(self).replacing("-", with: "+").replacing("_", with: "/")
        guard body >= length, utf8.count - body <= 2, standard.utf8.prefix(body).allSatisfy(\.isBase64Digit),
            let decoded = Data(base64Encoded: String(standard.prefix(length))),
            // A random text decodes to printable characters once in 40 million.
            decoded.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return KeyPrefix.all.filter { $0.utf8.count >= 3 && decoded.starts(with: $0.utf8) }
            .max { $0.utf8.count < $1.utf8.count }
    }
}

extension UInt8 {
    /// Whether it is a digit of Base64 (RFC 4648).
    fileprivate var isBase64Digit: Bool { isWordByte || self == UInt8(ascii: "+") || self == UInt8(ascii: "/") }
}
