/// One thing that is wrong in a configuration file, told without showing a value.
package struct ConfigurationMistake: Sendable, Hashable {
    /// The setting, such as `providers.openai.env[1]`; empty for the document itself.
    package let path: String
    /// Where to look in the file.
    package let position: SourcePosition
    /// What is wrong and how to mend it, in lower case and without a full stop.
    package let message: String
    /// The word that was most likely meant.
    package let suggestion: String?

    /// Creates a mistake; the message must not contain a value from the file.
    package init(path: String, position: SourcePosition, message: String, suggestion: String? = nil) {
        self.path = path
        self.position = position
        self.message = message
        self.suggestion = suggestion
    }

    /// Turns a syntax error into a mistake of the document itself.
    package init(_ error: JSONSyntaxError) {
        self.init(path: "", position: error.position, message: error.message, suggestion: error.suggestion)
    }

    /// The mistake as compilers print theirs, such as
    /// `keyhooks.json:3:5: providers.opnai: unknown key. Did you mean 'openai'?`.
    package func description(in file: String) -> String { "\(file):\(description)" }
}

extension ConfigurationMistake: CustomStringConvertible {
    /// The mistake without the name of the file.
    package var description: String { "\(position): \(withoutPosition)" }

    /// The mistake for somebody who knows where it was written.
    package var withoutPosition: String {
        let subject = path.isEmpty ? "" : "\(path): "
        let question = suggestion.map { ". Did you mean '\($0)'?" } ?? ""
        return "\(subject)\(message)\(question)"
    }
}

extension ConfigurationMistake: Comparable {
    /// Orders mistakes as they come in the file.
    package static func < (left: ConfigurationMistake, right: ConfigurationMistake) -> Bool {
        (left.position, left.path, left.message) < (right.position, right.path, right.message)
    }
}

/// Everything that is wrong in one configuration file.
package struct ConfigurationMistakes: Error, Sendable, Hashable {
    /// The mistakes as they come in the file; at least one.
    package let all: [ConfigurationMistake]

    /// Creates the error from at least one mistake, in any order.
    package init(_ mistakes: [ConfigurationMistake]) {
        precondition(!mistakes.isEmpty, "an error needs a mistake")
        all = mistakes.sorted()
    }

    /// One line for each mistake, each beginning with the name of the file.
    package func description(in file: String) -> String {
        firstLines(of: all, file) { $0.description(in: file) }
    }
}

/// A line for each of several things that are wrong, up to a hundred, and how many more there are: a file may be wrong in
/// as many places as it has bytes.
func firstLines<Fault>(of faults: [Fault], _ file: String? = nil, _ line: (Fault) -> String) -> String {
    let shown = 100
    let lines = faults.prefix(shown).map(line)
    let more = faults.count > shown ? ["and \(faults.count - shown) more" + (file.map { " in \($0)" } ?? "")] : []
    return (lines + more).joined(separator: "\n")
}

extension ConfigurationMistakes: CustomStringConvertible {
    /// One line for each mistake.
    package var description: String { firstLines(of: all) { $0.description } }
}
