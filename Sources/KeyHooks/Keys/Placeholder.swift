/// Values that stand for "fill me in", by how they are made.
enum Placeholder {
    /// Words that stand alone for nothing.
    private static let nothing: Set<String> = [
        "none", "null", "nil", "undefined", "na", "n/a", "todo", "tbd", "changeme", "xxx", "secret", "password",
        "dummy",
        "test", "empty", "unset", "false", "true", "apikey", "key", "token", "redacted", "foo", "bar", "abc",
    ]

    /// Words that a key has in it only if somebody is to put another there.
    private static let requests: Set<String> = [
        "your", "yours", "my", "example", "placeholder", "changeme", "change", "replace", "insert", "here", "dummy",
        "enter", "paste", "user", "provided", "todo", "goes", "add", "put", "fill",
        "needed", "required", "unused",
    ]

    /// Words for what is asked for.
    private static let nouns: Set<String> = ["key", "apikey", "token", "secret", "password", "api", "credential"]

    /// Whether a value is one.
    static func matches(_ value: some StringProtocol) -> Bool {
        let word = value.lowercased()
        if nothing.contains(word) || word.contains("...") || word.contains("…") { return true }
        if ["<>", "[]", "{}"].contains(where: { word.first == $0.first && word.last == $0.last }) { return true }
        let rest = withoutPrefix(value)
        let parts = rest.split { !$0.isLetter && !$0.isNumber }
        if rest.contains("***") { return true }
        // A part that is drawn by lot makes a key of it, whatever the other parts say.
        guard !parts.contains(where: isDrawnByLot) else { return false }
        let words = parts.map { $0.lowercased() }
        if words.contains(where: isFiller) || words.contains(where: requests.contains) { return true }
        let isShort = rest.utf8.count < 8 && rest.utf8.count < value.utf8.count
        if isShort, rest.hasPrefix("123") || rest.hasPrefix("abc") || isFiller(rest.lowercased()) { return true }
        if words.count == 1 { return nothing.contains(words[0]) || isSequence(words[0]) }
        return words.count > 1 && words.allSatisfy { $0.allSatisfy(\.isLetter) }
            && words.contains(where: nouns.contains)
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

    private static func isDrawnByLot(_ part: Substring) -> Bool {
        guard part.contains(where: \.isNumber), part.contains(where: \.isLetter) else { return false }
        return part.utf8.count >= 16
            || part.contains(where: \.isLowercase) && part.dropFirst().contains(where: \.isUppercase)
    }
}
