extension DotenvFile: CustomStringConvertible {
    /// Counts only; no name and no value.
    public var description: String {
        "DotenvFile(\(entries.count) entries, \(diagnostics.count) diagnostics, \(bytes.count) bytes)"
    }
}

extension DotenvFile: CustomDebugStringConvertible {
    /// Counts only; no name and no value.
    public var debugDescription: String { description }
}

extension DotenvFile: CustomReflectable {
    /// A mirror without the text: entries show themselves redacted.
    public var customMirror: Mirror {
        Mirror(self, children: ["entries": entries, "diagnostics": diagnostics], displayStyle: .struct)
    }
}
