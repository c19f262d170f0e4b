import JSON5Syntax
public import LightFoundation

/// A store of named secrets: a vault, a file, a folder, a vendor's command.
///
/// One method makes a manager:
///
/// ```swift
/// struct Safe: SecretManager {
///     let client: SafeClient
///
///     func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
///         try await client.fetch(name.rawValue).map { StoredSecret(.text($0)) }
///     }
/// }
///
/// let safe = ManagedSecrets(in: Safe(client: client))
/// try registry.register { hooks in
///     hooks.answer(from: safe.keys(at: "prod/{service}/api_key"), id: "safe")
/// }
/// ```
///
/// What else a store can do it says by the protocols that refine this one, such as ``WritableSecretManager``. Programs
/// use a manager through ``ManagedSecrets``, which checks names, keeps deadlines and empties caches.
public protocol SecretManager: Sendable {
    /// Reads one secret as it is now.
    ///
    /// A manager keeps no cache: what is read for keys is kept behind it, and other readers want it fresh. It doesn't
    /// block its thread for long, or deadlines are late: what blocks, such as another language's client, belongs on a
    /// thread of its own.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - options: Which version, and what else the store takes. The deadline in it is kept for you; take it for
    ///     requests of your own, so that they end.
    /// - Returns: The secret; nil if the store was asked and has none.
    /// - Throws: Why it can't be read: a ``KeyResolutionError`` with the code `denied`, `unavailable`, `sealed`,
    ///   `unauthenticated` or another fitting one. Of any other error only the type is shown, as its text may quote a
    ///   secret.
    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret?
}

/// What a call to a secret manager says beside the name.
public struct SecretOptions: Hashable, Sendable {
    /// How long the call may take before it fails as `timedOut`; nil for what its ``ManagedSecrets`` allows.
    public var timeout: Duration?

    /// The version that is wanted, in the store's own terms; nil for the current one.
    public var version: String?

    /// What else the store takes, in its own terms, such as `["namespace": "team-a"]`.
    ///
    /// A manager refuses a parameter that it doesn't know, with the code `invalidConfiguration`: a namespace that is
    /// ignored would read somebody else's secret.
    public var parameters: [String: String]

    /// Describes a call.
    ///
    /// - Parameters:
    ///   - timeout: How long the call may take; nil for what its ``ManagedSecrets`` allows.
    ///   - version: The version that is wanted; nil for the current one.
    ///   - parameters: What else the store takes.
    public init(timeout: Duration? = nil, version: String? = nil, parameters: [String: String] = [:]) {
        self.timeout = timeout
        self.version = version
        self.parameters = parameters
    }

    /// Refuses a version, for a manager that has none: what it would read is another one than was meant.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` if a version is asked for.
    public func refuseVersion() throws(KeyResolutionError) {
        guard let version else { return }
        throw .invalidConfiguration(
            "there is no choosing a version here, and version '\(displayText(version))' was asked for",
            remedy: "leave the version out"
        )
    }

    /// Refuses parameters that a manager doesn't take.
    ///
    /// - Parameter known: The parameters that it takes.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that names the first that it doesn't.
    public func refuseParameters(besides known: Set<String> = []) throws(KeyResolutionError) {
        guard let unknown = parameters.keys.filter({ !known.contains($0) }).min() else { return }
        let words = known.sorted().joined(separator: ", ")
        throw .invalidConfiguration(
            "the secret manager takes no parameter '\(displayText(unknown))'",
            remedy: known.isEmpty ? "leave the parameters out" : "it takes \(words)"
        )
    }
}

/// A secret as a manager read it.
public struct StoredSecret: Sendable {
    /// What it holds.
    public var content: SecretContent

    /// Its version, in the store's own terms; it is shown.
    public var version: String?

    /// When this version was written, on the store's clock.
    public var createdAt: Date?

    /// When it ends, on the store's clock; it is never given as a key after that.
    public var expiresAt: Date?

    /// How new it is beside other replies, where a store has replicas that lag behind.
    package var rank: CacheRank?

    /// Which of several managers holds it, where one asks others; nil for the one that was asked.
    public internal(set) var holder: String?

    /// Describes a secret.
    ///
    /// - Parameters:
    ///   - content: What it holds.
    ///   - version: Its version, in the store's own terms; it is shown.
    ///   - createdAt: When this version was written.
    ///   - expiresAt: When it ends.
    public init(_ content: SecretContent, version: String? = nil, createdAt: Date? = nil, expiresAt: Date? = nil) {
        self.content = content
        self.version = version
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
