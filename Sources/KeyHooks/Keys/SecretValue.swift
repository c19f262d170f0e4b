/// The value of a named field, such as a region or a secret access key, with where it came from.
///
/// It is no ``APIKey``, so that a region is never sent in a key's place; it is guarded as one: it prints, reflects and
/// dumps as `SecretValue(redacted)`, is not `Codable`, and compares in constant time.
public struct SecretValue: Sendable, Equatable {
    /// The value as hooks answer it.
    let key: APIKey

    /// Makes a value.
    ///
    /// - Parameters:
    ///   - value: The secret. ASCII blanks and line ends around it are left out.
    ///   - provenance: Where it came from.
    public init(_ value: String, provenance: KeyProvenance? = nil) { self.init(APIKey(value, provenance: provenance)) }

    /// Takes what a hook or the environment answered.
    package init(_ key: APIKey) { self.key = key }

    /// The secret.
    ///
    /// Every read makes a copy that is not overwritten when it is released.
    public var value: String { key.value }

    /// Where the value came from; nil before a resolver returned it.
    public var provenance: KeyProvenance? { key.provenance }

    /// Gives the secret to a closure.
    ///
    /// - Parameter body: Uses the secret; do not let it escape without need.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withValue<Result, Failure: Error>(
        _ body: (String) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try key.withValue(body)
    }
}

extension SecretValue: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { "SecretValue(redacted)" }
}

extension SecretValue: CustomReflectable {
    /// Has no children, so that nothing that walks mirrors finds the value.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
