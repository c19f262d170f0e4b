#if AWS

/// A command in one text as its words: by POSIX's rules for quotes, without anything else that a shell does.
enum CommandWords {
    /// What can't be split.
    enum Mistake: Error {
        case openQuote, loneBackslash
    }

    /// The words, as Python's `shlex.split` has them.
    static func split(_ text: String) throws(Mistake) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = text[...]
        while let character = rest.popFirst() {
            if let open = quote {
                if character == open {
                    quote = nil
                } else if character == "\\", open == "\"" {
                    guard let next = rest.popFirst() else { throw .loneBackslash }
                    // Between these quotes a backslash escapes them and itself alone.
                    if next != "\"", next != "\\" { word?.append("\\") }
                    word?.append(next)
                } else {
                    word?.append(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == "\\" {
                guard let next = rest.popFirst() else { throw .loneBackslash }
                word = (word ?? "") + String(next)
            } else if " \t\r\n\r\n".contains(character) {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw .openQuote }
        if let word { words.append(word) }
        return words
    }
}
#endif
