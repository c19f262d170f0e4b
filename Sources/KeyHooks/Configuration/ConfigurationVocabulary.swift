import ExtensionHooks
package import JSON5Syntax

extension JSONVocabulary {
    /// What this package knows of the names in its documents.
    fileprivate static let ofConfigurations = JSONVocabulary(
        hides: PastedKey.isIn,
        advice: PeerWords.advice(on:isKnown:),
        refusal: { "is refused by the plugin (\(valueFreeDescription(of: $0)))" }
    )
}

extension NodePath {
    /// A document of this package: a configuration, a manifest, a schema, a message.
    package static let root = NodePath(vocabulary: .ofConfigurations)
}
