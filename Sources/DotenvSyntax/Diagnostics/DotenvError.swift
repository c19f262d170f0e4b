/// What is wrong with a text, a name or a value: every error, not only the first.
///
/// Its text never holds a value or the text of a line.
public struct DotenvError: Error, Sendable, Hashable {
    /// The errors in file order; at least one.
    public let diagnostics: [DotenvDiagnostic]

    init(diagnostics: [DotenvDiagnostic]) {
        self.diagnostics = diagnostics
    }

    init(_ diagnostic: DotenvDiagnostic) {
        self.init(diagnostics: [diagnostic])
    }
}

extension DotenvError: CustomStringConvertible {
    /// One line for each error, up to twenty; free of values.
    public var description: String {
        let shown = 20
        var lines = diagnostics.prefix(shown).map(\.description)
        if diagnostics.count > shown {
            lines.append("and \(diagnostics.count - shown) more")
        }
        return lines.joined(separator: "\n")
    }
}
