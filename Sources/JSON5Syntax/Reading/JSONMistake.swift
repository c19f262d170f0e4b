/// One thing that is wrong in a document, said without showing a value.
package struct JSONMistake: Sendable, Hashable {
    /// The setting, such as `providers.openai.env[1]`; empty for the document itself.
    package let path: String
    /// Where to look in the file.
    package let position: SourcePosition
    /// What is wrong and how to fix it, in lower case and without a full stop.
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

extension JSONMistake: CustomStringConvertible {
    /// The mistake without the name of the file.
    package var description: String { "\(position): \(withoutPosition)" }

    /// The mistake for somebody who knows where it was written.
    package var withoutPosition: String {
        let subject = path.isEmpty ? "" : "\(path): "
        let question = suggestion.map { ". Did you mean '\($0)'?" } ?? ""
        return "\(subject)\(message)\(question)"
    }
}

extension JSONMistake: Comparable {
    /// Orders mistakes as they come in the file.
    package static func < (left: JSONMistake, right: JSONMistake) -> Bool {
        (left.position, left.path, left.message) < (right.position, right.path, right.message)
    }
}

extension JSONMistake {
    /// The mistake of a member that nobody asked for.
    ///
    /// - Parameters:
    ///   - member: The member.
    ///   - path: Where its object is.
    ///   - known: The keys that are known there, the likelier ones to be misspelt first.
    ///   - isOurs: Whether the object's keys mean what the vocabulary says; what those of others mean is theirs to say,
    ///     and a word that it has for one of them is no more than a suggestion.
    init(unknown member: JSONMember, at path: NodePath, known: [String]..., isOurs: Bool = true) {
        var advice = path.vocabulary.advice(member.name) { word in known.contains { $0.contains(word) } }
        if !isOurs, case .sentence? = advice { advice = nil }
        var (message, suggestion) = ("unknown key", String?.none)
        switch advice {
        case .sentence(let text): message += ": \(text)"
        case .meant(let word): suggestion = word
        case nil: suggestion = known.lazy.compactMap { closestMatch(to: member.name, among: $0) }.first
        }
        self.init(
            path: path.appending(member.name).description,
            position: member.position,
            message: message,
            suggestion: suggestion
        )
    }
}

/// Everything that is wrong in one document.
package struct JSONMistakes: Error, Sendable, Hashable {
    /// The mistakes as they come in the file; at least one.
    package let all: [JSONMistake]

    /// Creates the error from at least one mistake, in any order.
    package init(_ mistakes: [JSONMistake]) {
        precondition(!mistakes.isEmpty, "an error needs a mistake")
        all = mistakes.sorted()
    }

    /// One line for each mistake, each beginning with the name of the file.
    package func description(in file: String) -> String {
        firstLines(of: all, file) { $0.description(in: file) }
    }
}

/// A line for each of several things that are wrong, up to a hundred, and how many more there are: a file may be wrong
/// in as many places as it has bytes.
package func firstLines<Fault>(of faults: [Fault], _ file: String? = nil, _ line: (Fault) -> String) -> String {
    let shown = 100
    let lines = faults.prefix(shown).map(line)
    let more = faults.count > shown ? ["and \(faults.count - shown) more" + (file.map { " in \($0)" } ?? "")] : []
    return (lines + more).joined(separator: "\n")
}

extension JSONMistakes: CustomStringConvertible {
    /// One line for each mistake.
    package var description: String { firstLines(of: all) { $0.description } }
}
