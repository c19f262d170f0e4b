/// The entries and diagnostics of a text, before a mode decides what becomes of the errors.
struct ParsedText {
    var entries: [DotenvEntry] = []
    var diagnostics: [DotenvDiagnostic] = []
    private(set) var isUTF16 = false

    init(_ bytes: [UInt8]) {
        guard !Self.isUTF16(bytes) else {
            isUTF16 = true
            return
        }
        bytes.withUnsafeBufferPointer { text in
            var parser = LineParser(text, start: Self.byteOrderMarkLength(bytes))
            parser.parse()
            entries = parser.entries
            diagnostics = parser.diagnostics
        }
    }

    static func byteOrderMarkLength(_ bytes: [UInt8]) -> Int {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// A UTF-16 byte order mark, or what ASCII text looks like in UTF-16 without one.
    ///
    /// Neither is UTF-8, and one clear error beats one for each line.
    private static func isUTF16(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return true }
        guard bytes.count >= 4, bytes.count.isMultiple(of: 2) else { return false }
        let units = stride(from: 0, to: min(bytes.count, 64), by: 2).map { (bytes[$0], bytes[$0 + 1]) }
        return units.allSatisfy { $0 != 0 && $1 == 0 } || units.allSatisfy { $0 == 0 && $1 != 0 }
    }

    /// Says for each name which entry decides, and reports each name that is bound again.
    mutating func makeIndex() -> [String: Int] {
        var index: [String: Int] = [:]
        index.reserveCapacity(entries.count)
        for (position, entry) in entries.enumerated() {
            let earlier = index[entry.name].map { entries[$0] }
            // What is only declared does not take the place of a value.
            guard entry.value != nil || earlier?.value == nil else { continue }
            index[entry.name] = position
            guard entry.value != nil, earlier?.value != nil else { continue }
            diagnostics.append(
                DotenvDiagnostic(.duplicateName, line: entry.line, column: entry.column, name: entry.name)
            )
        }
        return index
    }
}
