/// Something noticed in a `.env` text, or in what one should be written with.
///
/// A diagnostic never holds a value or the text of a line.
public struct DotenvDiagnostic: Sendable, Hashable {
    /// What was noticed.
    public let code: Code

    /// The line, the first is 1; 0 when the diagnostic is not about a place in a text.
    public let line: Int

    /// Where on the line, in Unicode scalars, the first is 1; 0 when the diagnostic is not about a place in a text.
    public let column: Int

    /// The name the statement binds; nil unless a valid name was followed by `=`, or by nothing after `export`.
    public let name: String?

    /// Whether the text is wrong or only doubtful.
    public var severity: Severity { code.severity }

    /// Whether the text is wrong or only doubtful.
    public enum Severity: Sendable, Hashable {
        /// Wrong: thrown in strict mode, skipped in lenient mode.
        case error
        /// Doubtful: reported, and used as it stands.
        case warning
    }

    init(_ code: Code, line: Int = 0, column: Int = 0, name: String? = nil) {
        self.code = code
        self.line = line
        self.column = column
        self.name = name
    }
}

extension DotenvDiagnostic: CustomStringConvertible {
    /// Place, name and remedy; free of values.
    public var description: String { text(saysSeverity: true) }

    func text(saysSeverity: Bool) -> String {
        let place = line > 0 ? "\(line):\(column): " : ""
        // A name may be as long as the text.
        let subject = name.map { "\($0.prefix(64))\($0.utf8.count > 64 ? "…" : ""): " } ?? ""
        return place + (saysSeverity ? "\(severity): " : "") + subject + code.remedy
    }
}

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
    public var description: String { diagnostics.lines().joined(separator: "\n") }
}

extension [DotenvDiagnostic] {
    /// A line for each diagnostic, up to twenty, and one that says how many more there are.
    ///
    /// A text of a megabyte may have half a million.
    ///
    /// - Parameters:
    ///   - file: The file, to stand before the place of each.
    ///   - saysSeverity: Whether each says that it is an error or a warning; where the text is an error's, it goes
    ///     without saying.
    ///   - isHidden: Whether a name may be something else, such as a pasted key, and is left out.
    /// - Returns: The lines.
    package func lines(
        in file: String? = nil,
        saysSeverity: Bool = true,
        hiding isHidden: (String) -> Bool = { _ in false }
    ) -> [String] {
        let shown = 20
        let place = file.map { "\($0):" } ?? ""
        let lines = prefix(shown)
            .map { diagnostic in
                let isNameless = diagnostic.name.map(isHidden) ?? false
                let shown =
                    isNameless
                    ? DotenvDiagnostic(diagnostic.code, line: diagnostic.line, column: diagnostic.column) : diagnostic
                return place + shown.text(saysSeverity: saysSeverity)
            }
        return count > shown ? lines + ["and \(count - shown) more" + (file.map { " in \($0)" } ?? "")] : lines
    }
}
