/// What those who read a document know and JSON does not: which names are not to be shown, what other programs call a key,
/// and what to say of an error that a type of theirs throws.
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
