import JSON5Syntax

/// The names of environment variables that settings may have.
package enum VariableName {
    /// What to say of a text that is none.
    static let expectation = "expected the name of an environment variable: letters, digits and '_', never a value"

    /// Whether a text is one; stricter than the system, so that a key pasted in place of a name is refused.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0))
            }
            && !text.split(separator: "_").contains(where: looksRandom)
    }

    /// Whether a part of a name isn't a word but looks random, as keys do: long, in mixed case or with digits
    /// among its small letters.
    private static func looksRandom(_ part: Substring) -> Bool {
        part.utf8.count >= 16 && part.contains(where: \.isLowercase)
            && part.contains { $0.isUppercase || $0.isNumber }
    }
}

extension ResolverInputs {
    /// Sees to it that settings written in code name variables too, and hold no keys: names are shown.
    func checkVariableNames() throws(KeyResolutionError) {
        let profiles = configuration.profiles.sorted { $0.key < $1.key }
        let layers =
            [("", configuration.providers)]
            + profiles.map { ("profiles.\(displayText($0.key)).", $0.value.providers) }
            + [("\(Self.overridePlace): ", overrides)]
        var faults: [String] = []
        for (place, providers) in layers {
            for (service, settings) in providers.sorted(by: { $0.key < $1.key }) {
                for (index, name) in (settings.env ?? []).enumerated() where !VariableName.isName(name) {
                    faults.append("\(place)providers.\(service).env[\(index)]: \(VariableName.expectation)")
                }
            }
        }
        guard !faults.isEmpty else { return }
        throw .invalidConfiguration(firstLines(of: faults) { $0 }, remedy: "name the variable that holds the key")
    }
}

extension VariableName {
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

    /// The name of the variable that a text stands for in the form of another tool, such as `${X}` and `os.environ/X`;
    /// nil for a text that isn't such a reference.
    ///
    /// - Parameter text: The text.
    /// - Returns: A name that is plainly one, see ``PastedKey/isVariable(_:)``, never a value.
    package static func inReference(_ text: String) -> String? {
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
