extension DotenvFile {
    /// Sets a value in place, or appends a line when the name does not occur.
    ///
    /// Of duplicates the one that decides is changed. `export`, indentation, spaces, comments and every other byte stay;
    /// the kind of quotes stays where the value can stand in them. A new line ends as the first line of the text does,
    /// and a missing ending of the last line stays missing. Setting the value that is there changes nothing.
    ///
    /// - Parameters:
    ///   - name: The name to bind.
    ///   - value: The value, which is written such that it is read back literally, expansion or not.
    /// - Throws: ``DotenvError`` when the name is not valid, the value holds a NUL, the text would become too large, or,
    ///   in lenient mode, skipped lines would be read differently. The file is then unchanged.
    public mutating func set(_ name: String, to value: String) throws(DotenvError) {
        if let problem = Self.problem(name: name, value: value) {
            throw DotenvError(problem)
        }
        guard let entry = entry(named: name) else {
            let line = appendedLine(name, value)
            let end = bytes.count..<bytes.count
            return try apply(TextEdit(range: end, isAddition: true, replacement: line, name: name, value: value))
        }
        guard !isLiteral(entry, value) else { return }
        let raw = Array(((entry.value == nil ? "=" : "") + ValueRenderer.render(value, atLeast: entry.quoting)).utf8)
        try apply(TextEdit(range: entry.span.value, isAddition: false, replacement: raw, name: name, value: value))
    }

    /// Removes every binding and declaration of a name, whole lines; nothing else changes.
    ///
    /// Comments on lines of their own stay. Where values refer to each other and the removal makes one of them fail,
    /// that one is skipped and reported in ``diagnostics``, in both modes.
    ///
    /// - Parameter name: The name to remove; nothing happens when it does not occur.
    /// - Throws: ``DotenvError`` when, in lenient mode, skipped lines would be read differently: a quote left open in one
    ///   may meet its match once a line is gone. The file is then unchanged.
    public mutating func remove(_ name: String) throws(DotenvError) {
        let removal = TextRemoval(of: name, from: bytes)
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
        let line = Array("\(name)=\(ValueRenderer.render(value))".utf8)
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
