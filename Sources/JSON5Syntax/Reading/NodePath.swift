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
