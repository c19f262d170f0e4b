/// The removal of all lines that bind or declare a name.
struct TextRemoval {
    /// The text without them.
    let text: [UInt8]

    /// Whether there are any.
    let isAny: Bool

    private let bytes: [UInt8]
    private let kept: [DotenvEntry]

    init(of name: String, from bytes: [UInt8]) {
        self.bytes = bytes
        let entries = ParsedText(bytes).entries
        var text: [UInt8] = []
        var kept: [DotenvEntry] = []
        var start = 0
        for entry in entries {
            guard entry.name == name else {
                kept.append(entry)
                continue
            }
            text += bytes[start..<entry.span.lineStart]
            start = entry.span.end
        }
        text += bytes[start...]
        self.text = text
        self.kept = kept
        isAny = kept.count < entries.count
    }

    /// Whether all other lines are read as before.
    ///
    /// Only a text with a skipped error can fail this, as with ``TextEdit``.
    var isClean: Bool {
        let parsed = ParsedText(text)
        let after = parsed.entries
        // A rest that begins like UTF-16 would not be read at all.
        return !parsed.isUTF16 && after.count == kept.count
            && zip(kept, after)
                .allSatisfy { old, new in
                    old.name == new.name && old.isExported == new.isExported
                        && bytes[old.span.value] == text[new.span.value]
                }
    }
}
