/// Recognises texts that name a variable in the forms of other tools, such as `${X}` and `os.environ/X`.
package enum VariableReference {
    /// What stands around the name.
    private static let frames: [(String, String)] = [
        ("${{", "}}"), ("{{", "}}"), ("${", "}"), ("{", "}"), ("%", "%"), ("os.getenv(", ")"), ("os.environ[", "]"),
        ("getenv(", ")"), ("env(", ")"), ("ENV[", "]"),
    ]

    /// What may stand around it within one of these; alone they say nothing, and a password may have them.
    private static let quotes = [("\"", "\""), ("'", "'")]

    /// What stands before it.
    private static let beginnings = [
        "os.environ/", "process.env.", "secrets.", "$env:", "env://", "env:", "env/", "env.", "!env ", "!ENV ", "$",
    ]

    /// The name of the variable that a text stands for; nil for a text that isn't such a reference.
    ///
    /// - Parameter text: The text.
    /// - Returns: A name that is plainly one, see ``PastedKey/isVariable(_:)``, never a value.
    package static func name(in text: String) -> String? {
        var rest = text.trimmedOfBlanks
        var isFramed = false
        // As in `${env:X}`, more than one may be in use.
        for _ in 0..<4 {
            if let (start, end) = (isFramed ? frames + quotes : frames)
                .first(where: { rest.hasPrefix($0) && rest.hasSuffix($1) }),
                rest.count > start.count + end.count
            {
                rest = rest.dropFirst(start.count).dropLast(end.count)
            } else if let start = beginnings.first(where: rest.hasPrefix) {
                rest = rest.dropFirst(start.count)
            } else {
                break
            }
            rest = rest.trimmedOfBlanks
            isFramed = true
        }
        // `${X:-default}` holds a value, which is not shown.
        if isFramed, let end = rest.firstIndex(where: { $0 == ":" || $0 == "-" || $0 == "?" }) { rest = rest[..<end] }
        let name = String(rest)
        return isFramed && PastedKey.isVariable(name) ? name : nil
    }
}
