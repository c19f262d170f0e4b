/// The beginning of what a plugin wrote where a message was due, for the error that says so.
///
/// It may be half an answer with a key in it: of what looks like JSON only names and a few harmless values are shown.
enum MessageExcerpt {
    private static let limit = 200
    private static let harmless: Set<String> = ["type", "id", "v", "verdict", "kind", "state"]

    static func text(of bytes: ArraySlice<UInt8>, mask: SecretMask) -> String {
        let text = String(decoding: bytes.prefix(limit), as: UTF8.self)
        let shown = text.contains("{") || text.contains("\":") ? withoutValues(text) : text
        let clean = mask.mask(PlainText.clean(shown, limit: limit))
        return clean.isEmpty ? "an empty line" : "'\(clean)'"
    }

    private static func withoutValues(_ text: String) -> String {
        var result = ""
        var name = ""
        var isValue = false
        var rest = text[...]
        while let character = rest.first {
            guard character == "\"" else {
                if character == ":" { isValue = true } else if character == "," || character == "{" { isValue = false }
                result.append(character)
                rest.removeFirst()
                continue
            }
            let string = quoted(&rest)
            if isValue, !harmless.contains(name) {
                result += "\"…\""
            } else {
                // A name that is cut off may be a value in the wrong place.
                result += string.isClosed ? "\"\(string.text)\"" : "\"…"
            }
            if !isValue { name = string.text }
        }
        return result
    }

    private static func quoted(_ rest: inout Substring) -> (text: String, isClosed: Bool) {
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == "\"" { return (text, true) }
            text.append(character)
            if character == "\\", let escaped = rest.popFirst() { text.append(escaped) }
        }
        return (text, false)
    }
}
