extension DotenvEntry: CustomStringConvertible {
    /// Name and position; never the value, nor a word that stands alone and may be a pasted key.
    public var description: String {
        "DotenvEntry(\(shownName) at \(line):\(column), \(shownValue))"
    }

    private var shownName: String { isNameKnown ? name : "<redacted>" }

    private var shownValue: String { value == nil ? "declared without a value" : "value <redacted>" }
}

extension DotenvEntry: CustomDebugStringConvertible {
    /// Name and position; never the value.
    public var debugDescription: String { description }
}

extension DotenvEntry: CustomReflectable {
    /// A mirror of name, value state and position; never the value.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "name": shownName, "value": shownValue, "isExported": isExported, "line": line, "column": column,
                "quoting": quoting,
            ],
            displayStyle: .struct
        )
    }
}
