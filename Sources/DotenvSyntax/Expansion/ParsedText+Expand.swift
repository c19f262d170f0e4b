extension ParsedText {
    /// Replaces the references in all values, and drops the entries where that fails.
    mutating func expand(_ bytes: [UInt8], options: DotenvFile.Options) {
        guard let lookup = options.expansion.lookup, bytes.contains(Byte.dollar) else { return }
        bytes.withUnsafeBufferPointer { text in
            var expander = Expander(text: text, entries: entries, options: options, lookup: lookup)
            expander.expandAll()
            entries = expander.entries.enumerated().compactMap { expander.hasFailed($0.offset) ? nil : $0.element }
            diagnostics += expander.diagnostics
        }
    }
}
