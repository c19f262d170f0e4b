extension LineParser {
    /// `[export ]NAME[ = value][ #comment]`, from its first byte.
    mutating func parseStatement() {
        let start = lineStart
        var isExported = false
        var name = scanName()
        if isExportKeyword(name), let next = current, next.isBlank {
            skipBlanks()
            if isAtLineEnd || current == Byte.hash { return fail(.missingName) }
            if current != Byte.equals {
                isExported = true
                name = scanName()
            }
        }
        guard let first = name.first.map({ text[$0] }) else {
            return beginsJSON ? failJSON() : fail(codeOfMissingName)
        }
        if isSetCommand(name) { return fail(.setCommand) }
        guard first.beginsName else {
            let isList = text[name].allSatisfy { $0 == Byte.hyphen } && (isAtLineEnd || current == Byte.space)
            position = name.lowerBound
            return fail(isList ? .yamlList : .invalidName)
        }
        parseRest(Head(lineStart: start, line: line, name: name, isExported: isExported))
    }

    /// What comes before a value.
    struct Head {
        let lineStart: Int
        let line: Int
        let name: Range<Int>
        let isExported: Bool
    }

    private mutating func parseRest(_ head: Head) {
        skipBlanks()
        let hasBlank = position > head.name.upperBound
        guard let byte = current, !byte.isLineEnd else { return declare(head) }
        switch byte {
        case Byte.equals:
            position += 1
            parseValue(head)
        case Byte.hash where hasBlank:
            declare(head)
        case Byte.colon:
            let isFollowed = position + 1 < text.count && text[position + 1] == Byte.equals
            fail(isFollowed ? .colonEquals : .colonInsteadOfEquals)
        default:
            fail(hasBlank ? .missingEquals : .invalidName)
        }
    }

    /// A name without `=`.
    private mutating func declare(_ head: Head) {
        if !head.isExported {
            report(.declaredWithoutValue, at: head.name.lowerBound)
        }
        append(head, value: nil, quoting: .none, range: head.name.upperBound..<head.name.upperBound)
    }

    /// Ends the statement's last line and adds its entry.
    @inline(__always)
    mutating func append(_ head: Head, value: String?, quoting: DotenvEntry.Quoting, range: Range<Int>) {
        endLine()
        entries.append(
            DotenvEntry(
                name: text.string(head.name),
                value: value,
                isExported: head.isExported,
                line: head.line,
                column: head.name.lowerBound - head.lineStart + 1,
                quoting: quoting,
                span: DotenvEntry.Span(lineStart: head.lineStart, value: range, end: position)
            )
        )
    }

    private var codeOfMissingName: DotenvDiagnostic.Code {
        switch current {
        case Byte.equals: .missingName
        case Byte.dollar: .dollarName
        case Byte.doubleQuote, Byte.singleQuote: .quotedName
        default: .invalidName
        }
    }

    /// Whether a word is `set` or `setx` with a name after it.
    private func isSetCommand(_ word: Range<Int>) -> Bool {
        guard word.count == 3 || word.count == 4, let next = current, next.isBlank else { return false }
        let lowered = text[word].map { $0 | 0x20 }
        guard lowered.elementsEqual("set".utf8) || lowered.elementsEqual("setx".utf8) else { return false }
        guard let first = text[position...].first(where: { !$0.isBlank }) else { return false }
        return first.beginsName || first == Byte.hyphen || first == Byte.doubleQuote
    }

    @inline(__always)
    private mutating func scanName() -> Range<Int> {
        let start = position
        while position < text.count, text[position].continuesName { position += 1 }
        return start..<position
    }

    @inline(__always)
    private func isExportKeyword(_ name: Range<Int>) -> Bool {
        name.count == 6 && text[name.lowerBound] == UInt8(ascii: "e") && text[name].elementsEqual("export".utf8)
    }
}
