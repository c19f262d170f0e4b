extension DotenvFile {
    /// Writes bindings as a `.env` text, one line each, such that parsing it gives the same names and values.
    ///
    /// Quotes are chosen by content: none for plain words, single quotes where the value can stand literally, double
    /// quotes with escapes for the rest. A value is written on one line, `\n` standing for a line break, so it is read
    /// the same by dialects that do not know values over several lines.
    ///
    /// - Parameter pairs: The bindings, in the order to write them.
    /// - Returns: The text, each line ended with `\n`.
    /// - Throws: ``DotenvError`` with every name that is not valid and every value that holds a NUL.
    public static func render(_ pairs: some Sequence<(name: String, value: String)>) throws(DotenvError) -> String {
        var text = ""
        var errors: [DotenvDiagnostic] = []
        for (name, value) in pairs {
            if let error = problem(name: name, value: value) {
                errors.append(error)
                continue
            }
            text += "\(name)=\(ValueRenderer.render(value))\n"
        }
        guard errors.isEmpty else { throw DotenvError(diagnostics: errors) }
        return text
    }

    /// Why a binding cannot be written.
    ///
    /// A name that is not valid is not shown: it may be a value in the wrong place.
    static func problem(name: String, value: String) -> DotenvDiagnostic? {
        guard let first = name.utf8.first, first.beginsName, name.utf8.allSatisfy(\.continuesName) else {
            return DotenvDiagnostic(.invalidName)
        }
        return value.utf8.contains(0) ? DotenvDiagnostic(.nul, name: name) : nil
    }
}
