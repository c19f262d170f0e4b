extension DotenvFile {
    /// Sets a value in place, or appends a line when the name does not occur.
    ///
    /// Of duplicates the one that decides is changed. `export`, indentation, spaces, comments and every other byte
    /// stay; the kind of quotes stays where the value can stand in them. A new line ends as the first line of the text
    /// does, and a missing ending of the last line stays missing. Setting the value that is there changes nothing.
    ///
    /// - Parameters:
    ///   - name: The name to bind.
    ///   - value: The value, which is written such that it is read back literally, expansion or not.
    /// - Throws: ``DotenvError`` when the name is not valid, the value holds a NUL, the text would become too large,
    ///   or, in lenient mode, skipped lines would be read differently. The file is then unchanged.
    public mutating func set(_ name: String, to value: String) throws(DotenvError) {
        if let problem = Self.problem(name: name, value: value) {
            throw DotenvError(problem)
        }
        var others = ParsedText(bytes).entries
        var position = others.count
        var (range, written) = (bytes.count..<bytes.count, appendedLine(name, value))
        if let entry = entry(named: name), let found = others.firstIndex(where: { $0.span == entry.span }) {
            guard !isLiteral(entry, value) else { return }
            (position, range) = (found, entry.span.value)
            written = Array(((entry.value == nil ? "=" : "") + Self.written(value, atLeast: entry.quoting)).utf8)
            others.remove(at: position)
        }
        var text = bytes
        text.replaceSubrange(range, with: written)
        var entries = ParsedText(text).entries
        guard position < entries.count, entries[position].name == name,
            entries.remove(at: position).value?.utf8.elementsEqual(value.utf8) == true,
            isUnchanged(others, as: entries, in: text)
        else { throw DotenvError(DotenvDiagnostic(.editConflict, name: name)) }
        self = try DotenvFile(parsing: text, options: options)
    }

    /// Removes every binding and declaration of a name, whole lines; nothing else changes.
    ///
    /// Comments on lines of their own stay. Where values refer to each other and the removal makes one of them fail,
    /// that one is skipped and reported in ``diagnostics``, in both modes.
    ///
    /// - Parameter name: The name to remove; nothing happens when it does not occur.
    /// - Throws: ``DotenvError`` when, in lenient mode, skipped lines would be read differently: a quote left open in
    ///   one may meet its match once a line is gone. The file is then unchanged.
    public mutating func remove(_ name: String) throws(DotenvError) {
        let entries = ParsedText(bytes).entries
        let others = entries.filter { $0.name != name }
        guard others.count < entries.count else { return }
        var text: [UInt8] = []
        var start = 0
        for entry in entries where entry.name == name {
            text += bytes[start..<entry.span.lineStart]
            start = entry.span.end
        }
        text += bytes[start...]
        let parsed = ParsedText(text)
        // A rest that begins like UTF-16 would not be read at all.
        guard !parsed.isUTF16, isUnchanged(others, as: parsed.entries, in: text) else {
            throw DotenvError(DotenvDiagnostic(.editConflict, name: name))
        }
        reparse(text)
    }

    /// Whether the entries that an edit is not about are read from the edited text as before.
    private func isUnchanged(_ others: [DotenvEntry], as entries: [DotenvEntry], in text: [UInt8]) -> Bool {
        others.count == entries.count
            && zip(others, entries)
                .allSatisfy { old, new in
                    old.name == new.name && old.isExported == new.isExported
                        && bytes[old.span.value] == text[new.span.value]
                }
    }

    /// Whether an entry is that value already, and not by a reference.
    private func isLiteral(_ entry: DotenvEntry, _ value: String) -> Bool {
        guard let current = entry.value, current.utf8.elementsEqual(value.utf8) else { return false }
        return options.expansion.lookup == nil || entry.quoting == .single
            || !bytes[entry.span.value].contains(Byte.dollar)
    }

    private func appendedLine(_ name: String, _ value: String) -> [UInt8] {
        let line = Array("\(name)=\(Self.written(value))".utf8)
        let ending = firstLineEnding
        let isAtLineStart = bytes.count == ParsedText.byteOrderMarkLength(bytes) || bytes.last?.isLineEnd == true
        return isAtLineStart ? line + ending : ending + line
    }

    private var firstLineEnding: [UInt8] {
        guard let end = bytes.firstIndex(where: \.isLineEnd) else { return [Byte.newline] }
        return bytes.withUnsafeBufferPointer { text in
            Array(text[end..<(end + text.lineEndLength(at: end))])
        }
    }

    /// Takes a text with lines removed.
    ///
    /// Only a value that referred to a removed one can fail in it.
    private mutating func reparse(_ text: [UInt8]) {
        var lenient = options
        lenient.mode = .lenient
        let parsed =
            (try? DotenvFile(parsing: text, options: options)) ?? (try? DotenvFile(parsing: text, options: lenient))
        guard var parsed else { return }
        parsed.options.mode = options.mode
        self = parsed
    }
}
