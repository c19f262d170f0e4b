import Synchronization

/// Secrets in this process's memory: for tests, and for programs that get them from somewhere else at their start.
///
/// It keeps versions, writes on a condition, and forgets what is deleted at once.
public final class MemorySecretManager: Sendable {
    fileprivate struct Versions {
        var current: (number: Int, content: SecretContent)?
        var old: [Int: SecretContent] = [:]
        var last = 0
    }

    private struct State {
        var secrets: [SecretName: Versions]
        /// The highest number of a secret that was deleted: a condition on it must not hold for the next one.
        var lastDeleted = 0
    }

    private let state: Mutex<State>

    /// Makes a manager.
    ///
    /// - Parameter secrets: What it has at first.
    public init(_ secrets: [SecretName: SecretContent] = [:]) {
        state = Mutex(State(secrets: secrets.mapValues { Versions(current: (1, $0), last: 1) }))
    }
}

extension MemorySecretManager: CheckAndSetSecretManager, DeletableSecretManager, RotatableSecretManager {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func secret(_ name: SecretName, _ options: SecretOptions) throws(KeyResolutionError) -> StoredSecret? {
        try options.refuseParameters()
        return state.withLock { state -> StoredSecret? in
            guard let versions = state.secrets[name] else { return nil }
            guard let version = options.version else { return versions.currentSecret }
            guard let number = Int(version) else { return nil }
            if let current = versions.current, current.number == number { return versions.currentSecret }
            return versions.old[number].map { StoredSecret($0, version: version) }
        }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func write(
        _ content: SecretContent,
        to name: SecretName,
        _ options: SecretWriteOptions
    ) throws(KeyResolutionError) -> String? {
        try write(content, to: name, options) { _ in true }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func write(
        _ content: SecretContent,
        to name: SecretName,
        if condition: SecretCondition,
        _ options: SecretWriteOptions
    ) throws(KeyResolutionError) -> String? {
        try write(content, to: name, options) { condition.holds(for: $0) }
    }

    private func write(
        _ content: SecretContent,
        to name: SecretName,
        _ options: SecretWriteOptions,
        if mayWrite: (StoredSecret?) -> Bool
    ) throws(KeyResolutionError) -> String? {
        try options.call.refuseParameters()
        let version: Int? = state.withLock { state in
            var versions = state.secrets[name] ?? Versions(last: state.lastDeleted)
            guard mayWrite(versions.currentSecret) else { return nil }
            if let current = versions.current { versions.old[current.number] = current.content }
            versions.last += 1
            versions.current = (versions.last, content)
            state.secrets[name] = versions
            return versions.last
        }
        guard let version else { throw .conflict(over: name) }
        return String(version)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func delete(
        _ name: SecretName,
        recoverableFor window: Duration?,
        _ options: SecretOptions
    ) throws(KeyResolutionError) {
        try options.refuseParameters()
        try KeyResolutionError.refuseRecovery(window)
        state.withLock { state in
            guard let versions = state.secrets.removeValue(forKey: name) else { return }
            state.lastDeleted = max(state.lastDeleted, versions.last)
        }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func retire(_ version: String, of name: SecretName, _ options: SecretOptions) throws(KeyResolutionError) {
        try options.refuseParameters()
        guard let number = Int(version) else { return }
        state.withLock { $0.secrets[name]?.old[number] = nil }
    }
}

extension MemorySecretManager: ListableSecretManager, HealthCheckable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func list(
        _ prefix: String,
        after page: String?,
        _ options: SecretOptions
    ) throws(KeyResolutionError) -> SecretPage {
        try options.refuseParameters()
        return SecretPage(of: state.withLock { Array($0.secrets.keys) }, from: prefix)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func health(_ options: SecretOptions) -> SecretManagerHealth { .healthy }
}

extension MemorySecretManager.Versions {
    fileprivate var currentSecret: StoredSecret? {
        current.map { StoredSecret($0.content, version: String($0.number)) }
    }
}

extension MemorySecretManager: CustomReflectable {
    /// Has no children, so that nothing that walks mirrors finds a value.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension KeyResolutionError {
    /// Somebody else has written a secret.
    static func conflict(over name: SecretName) -> KeyResolutionError {
        KeyResolutionError(
            .conflict,
            "\(name) isn't as it was: somebody else has written it meanwhile",
            remedy: "read it again, and write it on top of that"
        )
    }

    /// Refuses to keep what is deleted recoverable, for stores that can't.
    package static func refuseRecovery(_ window: Duration?) throws(KeyResolutionError) {
        guard let window, window > .zero else { return }
        throw .invalidConfiguration(
            "the secret manager keeps nothing that was deleted, so it can't be recoverable for \(window)",
            remedy: "leave the recovery window out, or copy the secret first"
        )
    }
}

extension SecretPage {
    /// All names that begin with a prefix, in order, for stores that have them at hand.
    init(of names: some Sequence<SecretName>, from prefix: String) {
        self.init(names.filter { $0.rawValue.utf8.starts(with: prefix.utf8) }.sorted())
    }
}
