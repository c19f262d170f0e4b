extension JSONNode {
    /// Why a value cannot be written as JSON.
    package enum OutputError: Error, Sendable, Hashable {
        /// JSON has no way to write an infinity or NaN.
        case nonFiniteNumber(SourcePosition)
        /// Arrays and objects are nested more than 512 deep.
        case nestingTooDeep
    }
}

extension JSONNode.OutputError: CustomStringConvertible {
    /// What is wrong, without the value.
    package var description: String {
        switch self {
        case .nonFiniteNumber(let position): "\(position): JSON cannot write Infinity or NaN: use a finite number"
        case .nestingTooDeep: "more than 512 levels of nesting: make the value flatter"
        }
    }
}

extension JSONNode {
    /// The value as strict JSON on one line, without white space.
    ///
    /// - Returns: UTF-8 bytes.
    /// - Throws: ``OutputError`` for a number that is not finite.
    package func jsonBytes() throws(OutputError) -> [UInt8] {
        var output: [UInt8] = []
        try append(to: &output, depth: 0)
        return output
    }

    private func append(to output: inout [UInt8], depth: Int) throws(OutputError) {
        guard depth <= 512 else { throw .nestingTooDeep }
        switch kind {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(.integer(let value)): output.append(contentsOf: String(value).utf8)
        case .number(.double(let value)):
            guard value.isFinite else { throw .nonFiniteNumber(position) }
            output.append(contentsOf: value.description.utf8)
        case .number(.written(let text)): output.append(contentsOf: text.utf8)
        case .string(let text): output.appendJSONString(text)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                try element.append(to: &output, depth: depth + 1)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                output.appendJSONString(member.name)
                output.append(UInt8(ascii: ":"))
                try member.value.append(to: &output, depth: depth + 1)
            }
            output.append(UInt8(ascii: "}"))
        }
    }
}

extension [UInt8] {
    /// Appends a string in quotes, escaping what JSON demands and what some languages take for the end of a line.
    fileprivate mutating func appendJSONString(_ text: String) {
        append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": append(contentsOf: #"\""#.utf8)
            case "\\": append(contentsOf: #"\\"#.utf8)
            case "\n": append(contentsOf: #"\n"#.utf8)
            case "\r": append(contentsOf: #"\r"#.utf8)
            case "\t": append(contentsOf: #"\t"#.utf8)
            case "\u{8}": append(contentsOf: #"\b"#.utf8)
            case "\u{C}": append(contentsOf: #"\f"#.utf8)
            case "\u{0}"..."\u{1F}", "\u{85}", "\u{2028}", "\u{2029}":
                append(contentsOf: scalar.jsonEscape.utf8)
            default: append(contentsOf: UTF8.encode(scalar)!)
            }
        }
        append(UInt8(ascii: "\""))
    }
}
