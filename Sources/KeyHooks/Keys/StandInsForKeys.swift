import JSON5Syntax

/// Values that stand for "fill me in", by how they are made.
enum Placeholder {
    /// Words that stand alone for nothing.
    private static let nothing = words("nothing")

    /// Words that a key has in it only if somebody is to put another there.
    private static let requests = words("requests")

    /// Those of them that are in no key that somebody chose, so that one of them is enough.
    private static let surestRequests = words("surestRequests")

    /// Words for what is asked for.
    private static let nouns = words("nouns")

    /// Words for "no key", and those that may stand beside them.
    private static let noKey = words("noKey")
    private static let besideNoKey = words("besideNoKey")

    private static func words(_ kind: String) -> Set<String> {
        Set(JSONNode.keyForms["placeholders"]?[kind]?.words ?? [])
    }

    /// What a value stands for.
    enum Kind {
        /// "Fill me in".
        case request
        /// "No key".
        case standIn
    }

    /// Which kind of stand-in a value is.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - use: What it is wanted for: a key that users choose themselves may have any words in it.
    /// - Returns: The kind; nil for a value that may be a key.
    static func kind(of value: some StringProtocol, as use: KeyUse) -> Kind? {
        guard matches(value) else { return nil }
        let words = withoutPrefix(value).split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
        if words.contains(where: noKey.contains) || value.lowercased() == "n/a",
            words.allSatisfy({ noKey.contains($0) || besideNoKey.contains($0) || nouns.contains($0) })
        {
            return .standIn
        }
        // Knowing who chooses the key takes reading what is known of all servers, so it is asked last.
        return isPlain(value, words) || !use.isKeyOfOwnChoice ? .request : nil
    }

    /// Whether a stand-in is one even where users choose the key: it has nothing else in it, or the surest of words.
    private static func isPlain(_ value: some StringProtocol, _ words: [String]) -> Bool {
        if words.contains(where: surestRequests.contains) || isMarked(value.lowercased()) { return true }
        return !words.contains { word in
            !isFiller(word) && !requests.contains(word) && !nouns.contains(word) && !nothing.contains(word)
        }
    }

    /// Whether a value is one.
    private static func matches(_ value: some StringProtocol) -> Bool {
        let word = value.lowercased()
        if isMarked(word) { return true }
        let rest = withoutPrefix(value)
        let parts = rest.split { !$0.isLetter && !$0.isNumber }
        if rest.contains("***") { return true }
        // A random part makes a key of it, whatever the other parts say.
        guard !parts.contains(where: looksRandom) else { return false }
        let words = parts.map { $0.lowercased() }
        if words.contains(where: isFiller) || words.contains(where: requests.contains) { return true }
        let isShort = rest.utf8.count < 8 && rest.utf8.count < value.utf8.count
        if isShort, rest.hasPrefix("123") || rest.hasPrefix("abc") || isFiller(rest.lowercased()) { return true }
        if words.count == 1 { return nothing.contains(words[0]) || isSequence(words[0]) }
        return words.count > 1 && words.allSatisfy { $0.allSatisfy(\.isLetter) }
            && words.contains(where: nouns.contains)
    }

    /// Whether a value in small letters is a word for nothing, or has what marks a gap: dots, or brackets around it.
    private static func isMarked(_ word: String) -> Bool {
        nothing.contains(word) || word.contains("...") || word.contains("…")
            || ["<>", "[]", "{}"].contains { word.first == $0.first && word.last == $0.last }
    }

    /// The value without what a vendor begins all keys with.
    private static func withoutPrefix(_ value: some StringProtocol) -> String {
        let prefix = KeyPrefix.all.filter { $0.utf8.count > 2 && value.hasPrefix($0) }.map(\.count).max() ?? 0
        return String(value.dropFirst(prefix))
    }

    /// `xxxx`, `00000000`.
    private static func isFiller(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        guard bytes.count >= 3, bytes.allSatisfy({ $0 == bytes[0] }) else { return false }
        return bytes[0] == UInt8(ascii: "x") || bytes.count >= 6
    }

    /// `1234567890`, `abcdef`.
    private static func isSequence(_ word: String) -> Bool {
        word.utf8.count >= 6
            && ("01234567890123456789".contains(word) || "abcdefghijklmnopqrstuvwxyz0123456789".contains(word))
    }

    private static func looksRandom(_ part: Substring) -> Bool {
        guard part.contains(where: \.isNumber), part.contains(where: \.isLetter) else { return false }
        return part.utf8.count >= 16
            || part.contains(where: \.isLowercase) && part.dropFirst().contains(where: \.isUppercase)
    }
}

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
