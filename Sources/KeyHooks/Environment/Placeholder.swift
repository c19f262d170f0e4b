/// Values that stand for "fill me in".
enum Placeholder {
    private static let words: Set<String> = [
        "none", "null", "nil", "undefined", "na", "n/a", "todo", "tbd", "changeme", "change-me", "change_me", "xxx",
        "secret", "password", "placeholder", "dummy", "test", "example", "your-key", "your_key", "yourkey", "key",
        "your-key-here", "your_key_here", "your-api-key", "your_api_key", "your-api-key-here", "your_api_key_here",
        "api-key", "api_key", "apikey", "sk-...", "sk-xxx", "sk-xxxx", "sk-your-key-here", "sk-your-api-key",
    ]

    static func matches(_ value: String) -> Bool {
        let word = value.lowercased()
        if words.contains(word) { return true }
        if word.hasPrefix("<"), word.hasSuffix(">") { return true }
        // Such as `sk-...`, `xxxxxxxx` or `sk-proj-xxxx`.
        let tail = word.split(separator: "-").last.map(String.init) ?? word
        return tail.utf8.count >= 3 && (Set(tail) == ["x"] || Set(tail) == ["."] || Set(tail) == ["*"])
    }
}
