import JSON5Syntax
import Synchronization

extension ManagedSecrets {
    /// Writes a secret whole: as a new one, or as the next version of one that is there.
    ///
    /// What is cached of the secret is forgotten, also after a failure, since it may have been written all the same.
    ///
    /// - Parameters:
    ///   - content: What it is to hold.
    ///   - name: The secret.
    ///   - condition: What must hold when it is written; nil to write in any case.
    ///   - options: What is said of it, the deadline, and what else the store takes.
    /// - Returns: The version that was written; nil if the store has none.
    /// - Throws: As ``WritableSecretManager/write(_:to:_:)``; `conflict` if the condition doesn't hold; `unsupported` if
    ///   the manager can't write, or not on a condition; `denied` where the access is read-only.
    @discardableResult
    public func write(
        _ content: SecretContent,
        to name: String,
        if condition: SecretCondition? = nil,
        _ options: SecretWriteOptions = SecretWriteOptions()
    ) async throws -> String? {
        try await write(content, to: fullName(name), if: condition, options)
    }

    func write(
        _ content: SecretContent,
        to name: SecretName,
        if condition: SecretCondition?,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        try require(condition == nil ? .write : .checkAndSet)
        try options.call.refuseVersion()
        defer { changes.announce(name) }
        var options = options
        options.description = options.description ?? remarks.description
        options.tags.merge(remarks.tags) { own, _ in own }
        guard let condition else {
            let manager = try capable(.write, (any WritableSecretManager).self)
            return try await call("writing", name, options.call) { [options, changes] call in
                // It may end after its deadline.
                defer { changes.announce(name) }
                var options = options
                options.call = call
                return try await manager.write(content, to: name, options)
            }
        }
        let manager = try capable(.checkAndSet, (any CheckAndSetSecretManager).self)
        return try await call("writing", name, options.call) { [options, changes] call in
            defer { changes.announce(name) }
            var options = options
            options.call = call
            return try await manager.write(content, to: name, if: condition, options)
        }
    }

    /// Writes one field of a secret and leaves its others as they are.
    ///
    /// Where the manager can, it is written only if nobody else has written the secret meanwhile; if somebody has, it
    /// is read and written again, up to twenty times.
    ///
    /// - Parameters:
    ///   - value: What the field is to hold; nil to take the field out.
    ///   - field: The name of the field.
    ///   - name: The secret; one that isn't there is made.
    ///   - options: What is said of it, the deadline of each step, and what else the store takes.
    /// - Returns: The version that was written; nil if the store has none, or if there was nothing to take out.
    /// - Throws: As ``write(_:to:if:_:)``; `invalidConfiguration` for a secret that is one text without fields.
    @discardableResult
    public func write(
        _ value: String?,
        toField field: String,
        of name: String,
        _ options: SecretWriteOptions = SecretWriteOptions()
    ) async throws -> String? {
        let name = try fullName(name)
        try Self.checkField(field)
        try require(.write)
        var attempts = 20
        var current = options.call
        current.version = nil
        while true {
            let old = try await read(name, current)
            guard let content = try changed(old?.content, field, value, name) else { return nil }
            let condition = old.map { SecretCondition.isUnchanged(since: $0) } ?? .isAbsent
            do {
                return try await write(content, to: name, if: can(.checkAndSet) ? condition : nil, options)
            } catch let error as KeyResolutionError where error.code == .conflict && attempts > 1 {
                attempts -= 1
                // So that many writers don't meet again at once.
                try await sleep(.milliseconds(Double.random(in: 0...Double(2 * (20 - attempts)))))
            }
        }
    }

    /// Refuses what can't be the name of a field.
    static func checkField(_ field: String) throws(KeyResolutionError) {
        if field.hasPrefix("/") {
            throw KeyResolutionError(
                .unknownField,
                "'\(displayText(field))' is a JSON pointer, and only whole fields can be changed",
                remedy: "name the field that it begins with, and write all that this is to hold"
            )
        }
        guard field.isEmpty || field.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return }
        throw KeyResolutionError(
            .unknownField,
            "the name of the field \(field.isEmpty ? "is empty" : "has a control character")",
            remedy: "correct it"
        )
    }

    private func changed(
        _ content: SecretContent?,
        _ field: String,
        _ value: String?,
        _ name: SecretName
    ) throws(KeyResolutionError) -> SecretContent? {
        guard let content else { return value.map { .fields([field: $0]) } }
        let changed = value.map { content.replacing(field, with: $0) } ?? content.removing(field)
        if let changed { return changed }
        throw .invalidConfiguration(
            "\(title): \(name) is one text, and has no fields",
            remedy: "write the whole secret, or delete it first"
        )
    }

    /// Keeps a key that was issued elsewhere, such as a virtual key of a gateway, under a name that begins with
    /// ``issuedKeys``.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - name: The rest of its name, such as the key's alias.
    ///   - options: What is said of it, the deadline, and what else the store takes.
    /// - Returns: The version that was written; nil if the store has none.
    /// - Throws: As ``write(_:to:if:_:)``; `denied` where no issued keys are kept.
    @discardableResult
    public func store(
        issued key: APIKey,
        named name: String,
        _ options: SecretWriteOptions = SecretWriteOptions()
    ) async throws -> String? {
        guard let issuedKeys else {
            throw KeyResolutionError(
                .denied,
                "\(title) keeps no issued keys",
                remedy: "if it may, say what their names begin with: \"issuedKeys\": \"keyhooks/\""
            )
        }
        return try await write(.text(key.value), to: issuedKeys + name, options)
    }

    /// Deletes a secret; one that isn't there is deleted already.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - window: For how long it is to be recoverable; nil for what the store does by itself, and zero to keep
    ///     nothing.
    ///   - options: The deadline, and what else the store takes.
    /// - Throws: As ``DeletableSecretManager/delete(_:recoverableFor:_:)``; `unsupported` if the manager can't delete;
    ///   `denied` where the access is read-only.
    public func delete(
        _ name: String,
        recoverableFor window: Duration? = nil,
        _ options: SecretOptions = SecretOptions()
    ) async throws {
        try await delete(fullName(name), recoverableFor: window, options)
    }

    func delete(_ name: SecretName, recoverableFor window: Duration?, _ options: SecretOptions) async throws {
        let manager = try capable(.delete, (any DeletableSecretManager).self)
        try requireWriting()
        try options.refuseVersion()
        defer { changes.announce(name) }
        try await call("deleting", name, options) { [changes] options in
            defer { changes.announce(name) }
            try await manager.delete(name, recoverableFor: window, options)
        }
    }
}

/// Tells caches that a secret was changed through this process.
final class SecretChanges: Sendable {
    /// What forgets the secret; false once it is no longer there.
    typealias Listener = @Sendable (SecretName) -> Bool

    private let listeners = Mutex<(next: Int, all: [Int: Listener])>((0, [:]))

    /// Adds a listener, which is dropped once it says that it is no longer there.
    func listen(_ listener: @escaping Listener) {
        listeners.withLock { state in
            state.all[state.next] = listener
            state.next += 1
        }
    }

    /// Says that a secret may hold something else now.
    func announce(_ name: SecretName) {
        let gone = listeners.withLock(\.all).filter { !$0.value(name) }.map(\.key)
        guard !gone.isEmpty else { return }
        listeners.withLock { state in
            for number in gone { state.all[number] = nil }
        }
    }
}
