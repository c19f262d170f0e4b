import JSON5Syntax

extension ManagedSecrets {
    /// Whether the manager reads many secrets with few requests.
    var readsMany: Bool { manager is any BatchReadableSecretManager }

    /// Reads the current versions of many secrets, past every cache, with as few requests as the store allows.
    ///
    /// - Parameters:
    ///   - names: The secrets.
    ///   - options: The deadline of the whole call, and what else the store takes.
    /// - Returns: Of each name the secret, nil if the store was asked and has none, or why it can't be read.
    /// - Throws: As ``BatchReadableSecretManager/secrets(_:_:)``; `unsupported` if the manager can't read many at once,
    ///   `denied` where the access is write-only, `timedOut` after the deadline.
    public func read(
        _ names: [SecretName],
        _ options: SecretOptions = SecretOptions()
    ) async throws -> [SecretName: Result<StoredSecret?, any Error>] {
        var results: [SecretName: Result<StoredSecret?, any Error>] = [:]
        var asked: [SecretName: SecretName] = [:]
        for name in names {
            do throws(KeyResolutionError) {
                asked[name] = try fullName(name.rawValue)
            } catch {
                results[name] = .failure(error)
            }
        }
        let read = try await readMany(Array(asked.values), options)
        for (name, full) in asked { results[name] = read[full] }
        return results
    }

    /// Reads the current versions of many secrets by the names that the manager knows, each of them once.
    func readMany(
        _ names: [SecretName],
        _ options: SecretOptions
    ) async throws -> [SecretName: Result<StoredSecret?, any Error>] {
        try requireReading()
        try options.refuseVersion()
        let manager = try capableOfMany()
        guard !names.isEmpty else { return [:] }
        let found = try await call("reading \(names.count) secrets", nil, options) {
            try await manager.secrets(names, $0)
        }
        var results = [SecretName: Result<StoredSecret?, any Error>](minimumCapacity: names.count)
        for name in names {
            // What nothing is said of isn't absent.
            results[name] = (found[name] ?? .failure(unanswered(name)))
                .mapError { shown($0, of: "\(title): reading \(name)") }
        }
        return results
    }

    /// Reads the secrets that have some tags, past every cache.
    ///
    /// - Parameters:
    ///   - tags: The tags, of which a secret must have all; at least one.
    ///   - limit: The most secrets, so that a store of millions can't fill the memory.
    ///   - options: The deadline of each page, and what else the store takes.
    /// - Returns: The secrets by their names.
    /// - Throws: As ``SecretManager/secret(_:_:)``; `unsupported` if the manager can't read by tags,
    ///   `invalidConfiguration` without a tag, `denied` where the access is write-only.
    public func read(
        tagged tags: [String: String],
        limit: Int = 1_000,
        _ options: SecretOptions = SecretOptions()
    ) async throws -> [SecretName: StoredSecret] {
        var secrets: [SecretName: StoredSecret] = [:]
        var pages = TaggedPages(tags, of: self, options)
        while secrets.count < limit, let page = try await pages.next() {
            for (name, secret) in page where secrets.count < limit {
                if let name = name.dropping(prefix) { secrets[name] = secret }
            }
        }
        return secrets
    }

    fileprivate func capableOfMany() throws(KeyResolutionError) -> any BatchReadableSecretManager {
        if let manager = manager as? any BatchReadableSecretManager { return manager }
        throw KeyResolutionError(
            .unsupported,
            "\(title) can't read many secrets at once",
            remedy: "read one at a time, or use a manager that can"
        )
    }

    private func unanswered(_ name: SecretName) -> KeyResolutionError {
        KeyResolutionError(
            .pluginFailed,
            "\(title) was asked for many secrets and said nothing of \(name)",
            remedy: "fix the manager: it is to say of each name what became of it"
        )
    }
}

/// The pages of the secrets with some tags, to their end.
struct TaggedPages: Sendable {
    private let tags: [String: String]
    private let secrets: ManagedSecrets
    private let options: SecretOptions
    private var pages = StorePages()

    init(_ tags: [String: String], of secrets: ManagedSecrets, _ options: SecretOptions = SecretOptions()) {
        self.tags = tags
        self.secrets = secrets
        self.options = options
    }

    /// Reads the next page, by the names that the manager knows; nil after the last.
    mutating func next() async throws -> [SecretName: StoredSecret]? {
        if pages.haveEnded { return nil }
        try secrets.requireReading()
        try options.refuseVersion()
        let manager = try secrets.capableOfMany()
        guard !tags.isEmpty else {
            throw KeyResolutionError.invalidConfiguration(
                "\(secrets.title): no tag says which secrets are to be read",
                remedy: "name one or more"
            )
        }
        let (tags, after) = (tags, pages.next)
        let found = try await secrets.call("reading by tags", nil, options) {
            try await manager.secrets(tagged: tags, after: after, $0)
        }
        try pages.turn(to: found.next, isEmpty: found.secrets.isEmpty) { "\(secrets.title): reading by tags" }
        return found.secrets
    }
}
