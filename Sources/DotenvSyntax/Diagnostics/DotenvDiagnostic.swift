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
