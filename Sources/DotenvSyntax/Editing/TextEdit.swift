/// The replacement of one value, or the addition of a line.
struct TextEdit {
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

extension DotenvFile {
    mutating func apply(_ edit: TextEdit) throws(DotenvError) {
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
    mutating func reparse(_ text: [UInt8]) {
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
