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
        guard let entry = entry(named: name) else {
            let line = appendedLine(name, value)
            let end = bytes.count..<bytes.count
            return try apply(Edit(range: end, isAddition: true, replacement: line, name: name, value: value))
        }
        guard !isLiteral(entry, value) else { return }
        let raw = Array(((entry.value == nil ? "=" : "") + Self.written(value, atLeast: entry.quoting)).utf8)
        try apply(Edit(range: entry.span.value, isAddition: false, replacement: raw, name: name, value: value))
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
        let removal = Removal(of: name, from: bytes)
        guard removal.isAny else { return }
        guard removal.isClean else { throw DotenvError(DotenvDiagnostic(.editConflict, name: name)) }
        reparse(removal.text)
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
}

extension DotenvFile {
    fileprivate mutating func apply(_ edit: Edit) throws(DotenvError) {
        var edited = bytes
        edited.replaceSubrange(edit.range, with: edit.replacement)
        let before = ParsedText(bytes).entries
        guard edit.isClean(before: before, after: ParsedText(edited).entries) else {
            throw DotenvError(DotenvDiagnostic(.editConflict, name: edit.name))
        }
        self = try DotenvFile(parsing: edited, options: options)
    }

    /// Takes a text with lines removed.
    ///
    /// Only a value that referred to a removed one can fail in it.
    fileprivate mutating func reparse(_ text: [UInt8]) {
        var lenient = options
        let mode = options.mode
        lenient.mode = .lenient
        do {
            self = try DotenvFile(parsing: text, options: options)
        } catch {
            guard let parsed = try? DotenvFile(parsing: text, options: lenient) else { return }
            self = parsed
            self.options.mode = mode
        }
    }
}

extension DotenvFile {
    /// The replacement of one value, or the addition of a line.
    fileprivate struct Edit {
        let range: Range<Int>
        /// Whether a line is added; its range may be the same as that of an empty value at the end of the text.
        let isAddition: Bool
        let replacement: [UInt8]
        let name: String
        let value: String

        /// Whether an edited text is read as the old one but for this edit.
        ///
        /// Only a text with a skipped error can fail this: a quote left open in it may meet its match in the new value.
        func isClean(before: [DotenvEntry], after: [DotenvEntry]) -> Bool {
            let edited = isAddition ? nil : before.firstIndex { $0.span.value == range }
            guard after.count == before.count + (isAddition ? 1 : 0) else { return false }
            for (position, new) in after.enumerated() {
                guard position != edited, position < before.count else {
                    guard new.name == name, new.value.map({ $0.utf8.elementsEqual(value.utf8) }) ?? false else {
                        return false
                    }
                    continue
                }
                let old = before[position]
                guard old.name == new.name, old.span.value.count == new.span.value.count else { return false }
            }
            return true
        }
    }

    /// The removal of all lines that bind or declare a name.
    fileprivate struct Removal {
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
        /// Only a text with a skipped error can fail this, as with ``Edit``.
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
}
