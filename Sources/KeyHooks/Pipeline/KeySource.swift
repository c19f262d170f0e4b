import JSON5Syntax

/// Where keys come from: a vault, a gateway, a file, whatever a program can read.
///
/// One function makes a source:
///
/// ```swift
/// struct TeamVault: KeySource {
///     let client: VaultClient
///
///     func read(_ request: KeyRequest) async throws -> String? {      // nil: I have none
///         try await client.secret("ai/\(request.service)")
///     }
/// }
///
/// try registry.register { hooks in
///     hooks.answer(from: TeamVault(client: client), id: "team-vault", services: ["openai", "azure*"])
/// }
/// ```
///
/// What is read is kept, and everything that the user says of keys is obeyed: see
/// ``ExtensionHooks/HookBundle/answer(from:id:services:priority:before:after:settings:clock:date:)``.
///
/// What ``read(_:)`` throws decides what follows. A ``KeyResolutionError`` that is `unavailable`, `sealed` or
/// `timedOut` may be bridged by an old value, and skipped where the user allows that. Every other error ends the call;
/// one that isn't a ``KeyResolutionError`` shows its type only, as its text may quote a secret.
public protocol KeySource: Sendable {
    /// What is read as a whole, such as the path of a secret; it is kept under this.
    ///
    /// The request itself if nothing is said: then each service is read by itself for each scope.
    associatedtype Location: Hashable & Sendable = KeyRequest

    /// What a read brings: a ``SourceReading``, or an optional text, where nil says that there is nothing.
    associatedtype Reading: SourceResult

    /// Says where the answer to a request is.
    ///
    /// It is asked often and must not wait. Whatever in the request makes a difference to what is read belongs into the
    /// location: one location is read once, however many requests lead to it. How fresh the answer must be makes none.
    /// A text is compared byte by byte; in a type of your own compare texts so too if they come from outside, since
    /// Swift takes canonically equivalent ones for equal.
    ///
    /// - Parameter request: What is wanted.
    /// - Returns: The location; nil if the source has nothing to do with it, so that the next one is asked.
    /// - Throws: A ``KeyResolutionError``, such as `invalidScope` for a request that lacks what the location needs.
    func location(for request: KeyRequest) throws -> Location?

    /// Reads a location.
    ///
    /// Many callers may wait for one read, and it goes on if one of them gives up.
    ///
    /// - Parameter location: Where to read.
    /// - Returns: What is there.
    /// - Throws: Why it can't be read.
    func read(_ location: Location) async throws -> Reading

    /// Picks the answer to a request out of what was read.
    ///
    /// A text is the main key itself, and holds a named field only if it is a JSON object that has it. In a dictionary
    /// the service's variables are tried as names: ``SourceKey/first(of:in:)``. For other content write it yourself.
    ///
    /// - Parameters:
    ///   - request: What is wanted.
    ///   - content: What was read.
    /// - Returns: The key, or that it isn't there.
    /// - Throws: A ``KeyResolutionError`` for content that can't be used.
    func key(for request: KeyRequest, in content: Reading.Content) throws -> SourceKey

    /// Names a location for people: in explanations, warnings and the key's provenance.
    ///
    /// A text itself if nothing is said, and nothing for everything else: the description of a URL may hold a password.
    /// It must not contain a value.
    ///
    /// - Parameter location: The location.
    /// - Returns: Its name; empty for none.
    func place(of location: Location) -> String
}

extension KeySource {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func place(of location: Location) -> String { (location as? String).map { displayText($0) } ?? "" }
}

extension KeySource where Location == KeyRequest {
    /// The request without what makes no difference: one read serves the main key and all fields.
    ///
    /// - Parameter request: What is wanted.
    /// - Returns: The request for the main key.
    public func location(for request: KeyRequest) -> KeyRequest? { request.withoutField }
}

extension KeySource where Reading.Content == String {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func key(for request: KeyRequest, in content: String) -> SourceKey {
        guard let field = request.field else { return .found(content) }
        return SourceKey(field, names: request.names, inText: content)
    }
}

extension KeySource where Reading.Content == [String: String] {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func key(for request: KeyRequest, in content: [String: String]) -> SourceKey {
        .first(of: request.names, in: content)
    }
}
