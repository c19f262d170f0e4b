/// Where a value is in its document, written as people write it: `providers.openai.env[1]`.
package struct NodePath: Sendable, CustomStringConvertible {
    /// The path as text; empty for the document itself.
    package let description: String

    /// What those who read the document know of its names.
    package let vocabulary: JSONVocabulary

    /// Creates the path of a document's own value.
    package init(vocabulary: JSONVocabulary) { self.init("", vocabulary) }

    private init(_ text: String, _ vocabulary: JSONVocabulary) {
        description = text
        self.vocabulary = vocabulary
    }

    /// The path of a member of the object at this path; a name that may be a secret is not shown.
    package func appending(_ name: String) -> NodePath {
        if vocabulary.hides(name) { return NodePath("\(description)[\"…\"]", vocabulary) }
        let shown = displayText(name)
        guard !name.isEmpty, name.utf8.allSatisfy({ $0.isWordByte || $0 >= 0x80 || "_-$".utf8.contains($0) }) else {
            return NodePath("\(description)[\"\(shown)\"]", vocabulary)
        }
        return NodePath(description.isEmpty ? shown : "\(description).\(shown)", vocabulary)
    }

    /// The path of an element of the array at this path.
    package func appending(_ index: Int) -> NodePath { NodePath("\(description)[\(index)]", vocabulary) }
}

/// What those who read a document know and JSON does not: which names are not to be shown, what other programs call a
/// key, and what to say of an error that a type of theirs throws.
///
/// Every ``NodePath`` has one, so whoever reads a part of a document reads it with the same.
package final class JSONVocabulary: Sendable {
    /// What to say of an unknown key.
    package enum Advice: Hashable, Sendable {
        /// It is called so here.
        case meant(String)
        /// Why there is no such key here, and what to write, without a full stop.
        case sentence(String)
    }

    /// Whether the name of a member may be a secret, so that no mistake shows it.
    package let hides: @Sendable (_ name: String) -> Bool

    /// What to say of an unknown key, going by which keys are known where it stands; nil for nothing.
    package let advice: @Sendable (_ name: String, _ isKnown: (String) -> Bool) -> Advice?

    /// What to say of an error that a type threw while it was decoded, in words that hold no value.
    package let refusal: @Sendable (any Error) -> String

    /// Creates a vocabulary.
    ///
    /// - Parameters:
    ///   - hides: Whether the name of a member may be a secret.
    ///   - advice: What to say of an unknown key.
    ///   - refusal: What to say of an error that a type threw while it was decoded.
    package init(
        hides: @escaping @Sendable (_ name: String) -> Bool,
        advice: @escaping @Sendable (_ name: String, _ isKnown: (String) -> Bool) -> Advice?,
        refusal: @escaping @Sendable (any Error) -> String
    ) {
        self.hides = hides
        self.advice = advice
        self.refusal = refusal
    }

    /// What is meant by a key among those that are known; nil if that takes more than a word to say.
    func meaning(of name: String, among known: [String]) -> String? {
        if case .meant(let meant)? = advice(name, known.contains) { return meant }
        return nil
    }
}
