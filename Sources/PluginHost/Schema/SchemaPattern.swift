/// A regular expression as a schema means it: found anywhere in the text, with ASCII classes, over Unicode scalars.
///
/// `Regex` is not `Sendable`, so schemas keep the text and make the expression when it is needed.
struct SchemaPattern {
    private let regex: Regex<AnyRegexOutput>

    /// Compiles an expression; nil if it is none.
    init?(_ text: String) {
        guard let regex = try? Regex(text) else { return nil }
        self.regex = regex.matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()
    }

    func matches(_ text: String) -> Bool {
        // An expression that gives up, as one that needs too much memory would, has not matched.
        ((try? regex.firstMatch(in: text)) ?? nil) != nil
    }
}
