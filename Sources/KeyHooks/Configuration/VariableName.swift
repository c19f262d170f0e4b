import JSON5Syntax

/// The names of environment variables that settings may have.
enum VariableName {
    /// What to say of a text that is none.
    static let expectation = "expected the name of an environment variable: letters, digits and '_', never a value"

    /// Whether a text is one; stricter than the system, so that a key pasted in place of a name is refused.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0))
            }
            && !text.split(separator: "_").contains(where: isRandom)
    }

    /// Whether a part of a name is no word but looks drawn by lot, as keys are: long, in mixed case or with digits
    /// among its small letters.
    private static func isRandom(_ part: Substring) -> Bool {
        part.utf8.count >= 16 && part.contains(where: \.isLowercase)
            && part.contains { $0.isUppercase || $0.isNumber }
    }
}

extension ResolverChanges {
    /// Sees to it that settings written in code name variables too, and hold no keys: names are shown.
    func checkVariableNames() throws(KeyResolutionError) {
        let layers = [("", configuration.providers), ("\(Self.overridePlace): ", overrides)]
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
