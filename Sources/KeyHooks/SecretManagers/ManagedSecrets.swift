import ExtensionHooks
import JSON5Syntax
import Synchronization

/// The secrets of one manager as programs use them: names are checked, deadlines kept, what the access doesn't allow is
/// refused, and what is written is never answered from a cache that holds the old.
///
/// ```swift
/// let team = ManagedSecrets(in: FileSecretManager("team.json"), named: "team", access: .readWrite)
///
/// try await team.write(.fields(["OPENAI_API_KEY": key]), to: "providers")
/// try registry.register { hooks in
///     hooks.answer(from: team.keys(at: "providers"), id: "team")
/// }
/// ```
///
/// Every call throws a ``KeyResolutionError``, or `CancellationError` if the task was cancelled.
public final class ManagedSecrets: Sendable {
    /// What the manager is called in messages and in `keyhooks.json`; nil if it has no name.
    public let name: String?

    /// What callers may do.
    public let access: SecretAccess

    /// What stands before every name.
    public let prefix: String

    /// What stands before the names of keys that are issued elsewhere and kept here; nil if none are.
    public let issuedKeys: String?

    /// What is said of every secret that is written, where the call says nothing.
    let remarks: (description: String?, tags: [String: String])

    package let manager: any SecretManager

    /// How long a call may take that says nothing of it.
    package let timeout: Duration

    let changes = SecretChanges()
    let sleep: @Sendable (Duration) async throws -> Void

    /// Makes the secrets of a manager available; nothing is asked of it yet.
    ///
    /// - Parameters:
    ///   - manager: The manager.
    ///   - name: What it is called in messages.
    ///   - access: What callers may do.
    ///   - prefix: What stands before every name that callers use.
    ///   - description: What is said of every secret that is written, where a call says nothing.
    ///   - tags: Labels of every secret that is written, beside those of a call.
    ///   - issuedKeys: What stands before the names of keys that are issued elsewhere and kept here, as
    ///     ``store(issued:named:_:)`` does; nil if none are.
    ///   - timeout: How long a call may take that says nothing of it.
    ///   - clock: What deadlines are measured with.
    public init(
        in manager: any SecretManager,
        named name: String? = nil,
        access: SecretAccess = .readOnly,
        prefix: String = "",
        description: String? = nil,
        tags: [String: String] = [:],
        issuedKeys: String? = nil,
        timeout: Duration = .seconds(10),
        clock: some Clock<Duration> = ContinuousClock()
    ) {
        self.manager = manager
        self.name = name
        self.access = access
        self.prefix = prefix
        self.issuedKeys = issuedKeys
        remarks = (description, tags)
        self.timeout = timeout
        sleep = AnyClock(clock).sleep
        // What is written to a member is a change of the chain.
        for member in (manager as? SecretManagerChain)?.members ?? [] {
            member.changes.listen { [weak changes, prefix = member.prefix] name in
                guard let changes else { return false }
                if let name = name.dropping(prefix) { changes.announce(name) }
                return true
            }
        }
    }

    /// A name as callers use it, as the manager knows it.
    func fullName(_ name: String) throws(KeyResolutionError) -> SecretName {
        // An empty name isn't the prefix alone.
        prefix.isEmpty || name.isEmpty ? try SecretName(name) : try SecretName(prefix + name)
    }

    /// The manager in a sentence.
    var title: String { name.map { "the secret manager '\(displayText($0))'" } ?? "the secret manager" }

    /// The manager where a place is named, as in `team: providers`.
    var shortTitle: String { name.map { displayText($0) } ?? "secret manager" }
}

extension ManagedSecrets {
    /// Reads one secret as it is now, past every cache.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - options: The version, the deadline, and what else the store takes.
    /// - Returns: The secret; nil if the store was asked and has none.
    /// - Throws: As ``SecretManager/secret(_:_:)``; `invalidSecretName` for a name that can't be one, `denied` where
    ///   the access is write-only, `timedOut` after the deadline.
    public func read(_ name: String, _ options: SecretOptions = SecretOptions()) async throws -> StoredSecret? {
        try await read(fullName(name), options)
    }

    package func read(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        try requireReading()
        return try await call("reading", name, options) { [manager] options in try await manager.secret(name, options) }
    }

    /// Reads one secret and blocks the thread until it is there; for scripts.
    ///
    /// Do not call it on a thread that the manager needs, such as an actor's.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - options: The version, the deadline, and what else the store takes.
    /// - Returns: The secret; nil if there is none.
    /// - Throws: As ``read(_:_:)``.
    @available(*, noasync, message: "Use 'await read(_:_:)' in asynchronous code.")
    public func readBlocking(_ name: String, _ options: SecretOptions = SecretOptions()) throws -> StoredSecret? {
        try blocking { try await self.read(name, options) }
    }

    /// Lists the names that begin with a prefix; no secret is read.
    ///
    /// - Parameters:
    ///   - prefix: What the names begin with; empty for all.
    ///   - limit: The most names, so that a store of millions can't fill the memory.
    ///   - options: The deadline of each page, and what else the store takes.
    /// - Returns: The names, in the order of the store.
    /// - Throws: As ``SecretManager/secret(_:_:)``; `unsupported` if the manager can't list.
    public func list(
        _ prefix: String = "",
        limit: Int = 10_000,
        _ options: SecretOptions = SecretOptions()
    ) async throws -> [SecretName] {
        try requireReading()
        let manager = try capable(.list, (any ListableSecretManager).self)
        let full = self.prefix + prefix
        var names: [SecretName] = []
        var pages = StorePages()
        let limit = max(0, limit)
        repeat {
            let after = pages.next
            let found = try await call("listing", nil, options) { try await manager.list(full, after: after, $0) }
            let new = found.names.compactMap { $0.dropping(self.prefix) }.prefix(limit - names.count)
            names += new
            try pages.turn(to: found.next, isEmpty: new.isEmpty) { "\(title): listing" }
        } while !pages.haveEnded && names.count < limit
        return names
    }

    /// Asks the manager how it does, without a secret.
    ///
    /// - Parameter options: The deadline, and what else the store takes.
    /// - Returns: How it does; nil if the manager can't say.
    public func health(_ options: SecretOptions = SecretOptions()) async -> SecretManagerHealth? {
        guard let manager = capability(.health, (any HealthCheckable).self) else { return nil }
        do {
            return try await call("asking", nil, options) { await manager.health($0) }
        } catch {
            return .unreachable((error as? KeyResolutionError)?.message ?? "the question was cancelled")
        }
    }

    /// Finds all that is wrong with the manager's configuration; no secret is read.
    ///
    /// - Returns: One line for each mistake; empty if nothing is wrong, or if the manager doesn't look.
    public func configurationMistakes() async -> [String] {
        await (manager as? any ConfigurationValidating)?.configurationMistakes() ?? []
    }
}

extension ManagedSecrets {
    /// Calls the manager under a deadline, and makes an error of ours of whatever it throws.
    func call<Result: Sendable>(
        _ doing: String,
        _ secret: SecretName?,
        _ options: SecretOptions,
        _ body: @escaping @Sendable (SecretOptions) async throws -> Result
    ) async throws -> Result {
        let what = "\(title): \(doing)\(secret.map { " \($0)" } ?? "")"
        var bounded = options
        let limit = options.timeout ?? timeout
        bounded.timeout = limit
        let options = bounded
        do {
            return try await reading(within: limit, sleep: sleep) {
                KeyResolutionError(
                    .timedOut,
                    "\(what) took longer than \(limit)",
                    remedy: "raise its timeout, or see why its store is slow"
                )
            } _: {
                try await body(options)
            }
        } catch {
            throw shown(error, of: what)
        }
    }

    /// What a call threw, as its caller gets it.
    func shown(_ error: any Error, of what: String) -> any Error {
        if error is KeyResolutionError || error is CancellationError { return error }
        return KeyResolutionError(
            .pluginFailed,
            "\(what) failed",
            remedy: "fix the manager: it is to throw a KeyResolutionError that says what is wrong",
            underlying: error
        )
    }

    func requireReading() throws(KeyResolutionError) {
        guard !access.isReadable else { return }
        throw refusal("may not be read: its access is write-only")
    }

    func requireWriting() throws(KeyResolutionError) {
        guard !access.isWritable else { return }
        throw refusal("may not be written: its access is read-only")
    }

    private func refusal(_ what: String) -> KeyResolutionError {
        KeyResolutionError(.denied, "\(title) \(what)", remedy: "to allow it, set its access to: read-write")
    }
}
