import JSON5Syntax

/// A secret manager that stores secrets.
public protocol WritableSecretManager: SecretManager {
    /// Writes a secret whole: as a new one, or as the next version of one that is there.
    ///
    /// - Parameters:
    ///   - content: What it is to hold.
    ///   - name: The secret.
    ///   - options: What is said of it, and what else the store takes.
    /// - Returns: The version that was written, in the store's own terms; nil if it has none.
    /// - Throws: As ``SecretManager/secret(_:_:)``. A failure after which it isn't known whether the secret was written
    ///   is `unavailable` or `timedOut`; any other says that it was not.
    @discardableResult
    func write(_ content: SecretContent, to name: SecretName, _ options: SecretWriteOptions) async throws -> String?
}

/// A secret manager that writes on a condition (check-and-set), so that of two writers one learns of the other.
public protocol CheckAndSetSecretManager: WritableSecretManager {
    /// Writes a secret if nobody else has written it meanwhile.
    ///
    /// - Parameters:
    ///   - content: What it is to hold.
    ///   - name: The secret.
    ///   - condition: What must hold when it is written.
    ///   - options: What is said of it, and what else the store takes.
    /// - Returns: The version that was written; nil if the store has none.
    /// - Throws: As ``WritableSecretManager/write(_:to:_:)``, and with the code `conflict` if the condition doesn't
    ///   hold; then nothing was written.
    @discardableResult
    func write(
        _ content: SecretContent,
        to name: SecretName,
        if condition: SecretCondition,
        _ options: SecretWriteOptions
    ) async throws -> String?
}

/// A secret manager that deletes secrets.
public protocol DeletableSecretManager: SecretManager {
    /// Deletes a secret; one that isn't there is deleted already.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - window: For how long it is to be recoverable; nil for what the store does by itself, and zero to keep
    ///     nothing. A store that can't keep it for so long refuses, with the code `invalidConfiguration`.
    ///   - options: What else the store takes.
    /// - Throws: As ``SecretManager/secret(_:_:)``.
    func delete(_ name: SecretName, recoverableFor window: Duration?, _ options: SecretOptions) async throws
}

/// A secret manager whose versions can be retired one by one, so that a rotation under one name leaves nothing old.
///
/// The steps of a rotation are the same for all managers: see ``ManagedSecrets/rotate(_:to:as:_:)``.
public protocol RotatableSecretManager: WritableSecretManager {
    /// Makes an old version unreadable, after the new one was read back.
    ///
    /// - Parameters:
    ///   - version: The version that is replaced, as the store named it. Where the new secret has another name it is
    ///     the current one, and the secret is deleted next.
    ///   - name: The secret.
    ///   - options: What else the store takes.
    /// - Throws: As ``SecretManager/secret(_:_:)``.
    func retire(_ version: String, of name: SecretName, _ options: SecretOptions) async throws
}

/// A secret manager that lists the names of its secrets; it reads none of them.
public protocol ListableSecretManager: SecretManager {
    /// Lists a page of names.
    ///
    /// - Parameters:
    ///   - prefix: What the names begin with; empty for all.
    ///   - page: Where to go on, as the page before said; nil for the first.
    ///   - options: What else the store takes.
    /// - Returns: The names, and where to go on.
    /// - Throws: As ``SecretManager/secret(_:_:)``.
    func list(_ prefix: String, after page: String?, _ options: SecretOptions) async throws -> SecretPage
}

/// A secret manager that reads many secrets with few requests, as ``KeyResolver/warmUp(_:scope:)`` wants it.
public protocol BatchReadableSecretManager: SecretManager {
    /// Reads the current versions of many secrets.
    ///
    /// How many it asks its store for in one request is its own matter; a call may name hundreds.
    ///
    /// - Parameters:
    ///   - names: The secrets, each once.
    ///   - options: The deadline of the whole call, and what else the store takes; never a version.
    /// - Returns: Of each name the secret, nil if the store was asked and has none, or why it can't be read, as
    ///   ``SecretManager/secret(_:_:)`` throws it. One that fails doesn't spoil the others.
    /// - Throws: As ``SecretManager/secret(_:_:)`` where nothing could be read at all. After `denied` and `unsupported`,
    ///   as of a store that doesn't let these credentials read many at once, the secrets of keys are read one by one.
    func secrets(
        _ names: [SecretName],
        _ options: SecretOptions
    ) async throws -> [SecretName: Result<StoredSecret?, any Error>]

    /// Reads a page of the secrets that have some tags.
    ///
    /// A store without tags need not write it: then it throws `unsupported`.
    ///
    /// - Parameters:
    ///   - tags: The tags. A secret must have all of them, with exactly these values.
    ///   - page: Where to go on, as the page before said; nil for the first.
    ///   - options: The deadline, and what else the store takes.
    /// - Returns: The secrets, no more than the store gives at once, and where to go on.
    /// - Throws: As ``SecretManager/secret(_:_:)``.
    func secrets(
        tagged tags: [String: String],
        after page: String?,
        _ options: SecretOptions
    ) async throws -> TaggedSecrets
}

extension BatchReadableSecretManager {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func secrets(
        tagged tags: [String: String],
        after page: String?,
        _ options: SecretOptions
    ) async throws -> TaggedSecrets {
        throw KeyResolutionError(
            .unsupported,
            "the secret manager can't read by tags",
            remedy: "name what is to be read"
        )
    }
}

/// A secret manager that says how it does, without a secret.
public protocol HealthCheckable: SecretManager {
    /// Asks the store how it does.
    ///
    /// - Parameter options: The deadline, and what else the store takes.
    /// - Returns: How it does; a store that can't be reached is a result, and no error.
    func health(_ options: SecretOptions) async -> SecretManagerHealth
}

/// A secret manager that finds what is wrong with its configuration, before it is used.
public protocol ConfigurationValidating: SecretManager {
    /// Finds all mistakes at once; no secret is read.
    ///
    /// - Returns: One line for each, which says what is wrong, where, and what to do; empty if nothing is.
    func configurationMistakes() async -> [String]
}

/// A secret manager that says for explanations who is asked and as whom, without asking anybody; never a value.
package protocol ExplainedSecretManager: SecretManager {
    /// The servers that get the credentials, each with where its address was said; empty if that isn't known yet.
    var servers: [String] { get }

    /// A line for the login that answers or would be tried first, and one for each that was passed over.
    var login: [String] { get }
}

/// What a write says beside the name and the content.
public struct SecretWriteOptions: Hashable, Sendable {
    /// What the secret is for, in words, for stores that have a place for it.
    public var description: String?

    /// Labels of the secret, for stores that have a place for them.
    public var tags: [String: String]

    /// The deadline, and what else the store takes.
    public var call: SecretOptions

    /// Describes a write.
    ///
    /// - Parameters:
    ///   - description: What the secret is for. It must not contain a value.
    ///   - tags: Labels of the secret.
    ///   - call: The deadline, and what else the store takes.
    public init(description: String? = nil, tags: [String: String] = [:], call: SecretOptions = SecretOptions()) {
        self.description = description
        self.tags = tags
        self.call = call
    }
}

/// What must hold for a secret to be written.
public struct SecretCondition: Sendable {
    /// The secret that must be there unchanged; nil if none may be there.
    public let expected: StoredSecret?

    /// No such secret is there.
    public static var isAbsent: Self { Self(expected: nil) }

    /// The secret is as it was read: the same version, or the same content in a store without versions.
    ///
    /// - Parameter secret: The secret as it was read.
    /// - Returns: The condition.
    public static func isUnchanged(since secret: StoredSecret) -> Self { Self(expected: secret) }

    /// Whether a secret that was just read meets the condition, for stores that compare by themselves under a lock.
    ///
    /// - Parameter secret: The secret as it is now; nil if there is none.
    /// - Returns: Whether it may be written.
    public func holds(for secret: StoredSecret?) -> Bool {
        guard let expected, let secret else { return expected == nil && secret == nil }
        if let version = expected.version, let current = secret.version { return version == current }
        return expected.content == secret.content
    }
}

/// Some of the names in a secret manager.
public struct SecretPage: Hashable, Sendable {
    /// The names, in the order of the store.
    public var names: [SecretName]

    /// Where to go on; nil if these were the last.
    public var next: String?

    /// Describes a page.
    ///
    /// - Parameters:
    ///   - names: The names.
    ///   - next: Where to go on; nil if these are the last.
    public init(_ names: [SecretName], next: String? = nil) {
        self.names = names
        self.next = next
    }
}

/// Some of the secrets that have certain tags.
public struct TaggedSecrets: Sendable {
    /// The secrets by their names; one that can't be read is left out.
    public var secrets: [SecretName: StoredSecret]

    /// Where to go on; nil if these were the last.
    public var next: String?

    /// Describes a page.
    ///
    /// - Parameters:
    ///   - secrets: The secrets by their names, as ``SecretManager/secret(_:_:)`` takes them.
    ///   - next: Where to go on; nil if these are the last.
    public init(_ secrets: [SecretName: StoredSecret], next: String? = nil) {
        self.secrets = secrets
        self.next = next
    }
}

/// How a secret manager does.
public struct SecretManagerHealth: Hashable, Sendable {
    /// A state; more may come.
    public struct State: Hashable, Sendable, CustomStringConvertible {
        /// The name of the state.
        public let description: String

        /// It answers.
        public static var healthy: Self { Self(description: "healthy") }

        /// It answers, but something is wrong.
        public static var degraded: Self { Self(description: "degraded") }

        /// It can't be asked.
        public static var unreachable: Self { Self(description: "unreachable") }
    }

    /// The state.
    public let state: State

    /// Why it isn't healthy, in one line without a value; empty if it is.
    public let reason: String

    private init(_ state: State, _ reason: String) {
        self.state = state
        self.reason = displayLines(reason)
    }

    /// It answers.
    public static var healthy: Self { Self(.healthy, "") }

    /// It answers, but something is wrong.
    ///
    /// - Parameter reason: What, in one line without a value.
    /// - Returns: How it does.
    public static func degraded(_ reason: String) -> Self { Self(.degraded, reason) }

    /// It can't be asked.
    ///
    /// - Parameter reason: Why, in one line without a value.
    /// - Returns: How it does.
    public static func unreachable(_ reason: String) -> Self { Self(.unreachable, reason) }
}
