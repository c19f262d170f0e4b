/// The beginning of what a plugin wrote where a message was due, for the error that says so.
///
/// It may be half an answer with a key in it: of what looks like JSON only names and a few harmless values are shown.
enum MessageExcerpt {
    private static let limit = 200
    private static let harmless: Set<String> = ["type", "id", "v", "verdict", "kind", "state"]

    static func text(of bytes: ArraySlice<UInt8>, mask: SecretMask) -> String {
        let text = String(decoding: bytes.prefix(limit), as: UTF8.self)
        let shown = text.split(whereSeparator: \.isNewline).map(withoutSecrets).joined(separator: " ")
        let clean = mask.mask(PlainText.clean(shown, limit: limit))
        return clean.isEmpty ? "an empty line" : "'\(clean)'"
    }

    private static func withoutSecrets(_ line: Substring) -> String {
        if line.contains("{") || line.contains("\":") { return withoutValues(line) }
        // A line of a single word is what a plugin prints that takes the key itself for the answer.
        return line.split(whereSeparator: \.isWhitespace).count == 1 ? SecretMask.hidden : String(line)
    }

    private static func withoutValues(_ line: Substring) -> String {
        var result = ""
        var name = ""
        var isValue = false
        var containers: [Character] = []
        var rest = line
        while let character = rest.first {
            switch character {
            case "\"", "'":
                let string = quoted(&rest, by: character)
                // A name that is cut off, or that nothing is the value of, may be a value in the wrong place.
                let isName = string.isClosed && rest.first { !$0.isWhitespace } == ":"
                let isShown = isValue ? harmless.contains(name) : isName
                result += "\"" + (isShown ? string.text : "…") + "\""
                if !isValue { name = string.text }
                continue
            case ":": isValue = true
            case "{", "[":
                containers.append(character)
                isValue = character == "["
            case "}", "]": _ = containers.popLast()
            case ",": isValue = containers.last == "["
            case _ where isValue && !character.isWhitespace && !harmless.contains(name):
                result.append("…")
                rest = rest.drop { !",]}{[\"'".contains($0) }
                continue
            default: break
            }
            result.append(character)
            rest.removeFirst()
        }
        return result
    }

    private static func quoted(_ rest: inout Substring, by quote: Character) -> (text: String, isClosed: Bool) {
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return (text, true) }
            text.append(character)
            if character == "\\", let escaped = rest.popFirst() { text.append(escaped) }
        }
        return (text, false)
    }
}
