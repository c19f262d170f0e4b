import JSON5Syntax

/// Recognises texts that say where a key is, in the forms of other tools, and that nobody has put the key in the place
/// of.
enum UnresolvedReference {
    private static let known = JSONNode.keyForms["references"] ?? .object([:])

    /// The form of a reference; nil for what is none.
    static func form(of text: some StringProtocol) -> String? {
        if let beginning = known["beginnings"]?.members?.first(where: { text.hasPrefix($0.name) }) {
            return beginning.value.string
        }
        let frames = [("${{", "}}"), ("${", "}"), ("$(", ")"), ("{{", "}}")]
        if let (start, end) = frames.first(where: { text.hasPrefix($0.0) && text.hasSuffix($0.1) }) {
            return "\(start)…\(end)"
        }
        if text.hasPrefix("{"), text.hasSuffix("}"), let colon = text.firstIndex(of: ":"),
            text[text.index(after: text.startIndex)..<colon].allSatisfy({ $0.isASCII && $0.isLetter })
        {
            return "{…:…}"
        }
        if text.hasPrefix("`"), text.hasSuffix("`"), text.utf8.count > 2, text.contains(" ") { return "`…`" }
        if text.hasPrefix("%"), text.hasSuffix("%"), isName(text.dropFirst().dropLast()) { return "%…%" }
        if text.hasPrefix("$"), isName(text.dropFirst()) { return "$…" }
        return nil
    }

    /// Forms that a shell, or another reader of `.env` files, would put a value in the place of.
    private static let expansions: Set = ["${…}", "$…", "$(…)", "`…`", "%…%"]

    /// What is wrong and what to do, to follow the name of the place; free of the value.
    ///
    /// - Parameters:
    ///   - form: The form, as ``form(of:)`` gives it.
    ///   - isInFile: Whether the value is in a `.env` file, in which nothing is expanded.
    /// - Returns: The words.
    static func words(for form: String, isInFile: Bool = false) -> String {
        if isInFile, expansions.contains(form) {
            return "looks like a reference (\(form)); values in .env aren't expanded, so it is used as it is. "
                + "Write the key itself there, or name the variable that holds it under 'env' in keyhooks.json"
        }
        if let encryption = known["encryption"]?[form]?.texts {
            return "is encrypted by \(encryption[0]) (\(form)); it is used as it is. "
                + "Run the program through what decrypts it: \(encryption[1])"
        }
        let way = (known["commands"]?[form]?.string).map { ": \($0)" } ?? ""
        return "looks like a reference (\(form)) that something else should have resolved; it is used as it is. "
            + "Run the program through what resolves it\(way), or write the key itself"
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}
