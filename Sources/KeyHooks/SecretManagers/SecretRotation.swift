public import ExtensionHooks
import JSON5Syntax

/// What a rotation did.
public struct SecretRotation: Hashable, Sendable {
    /// The secret that holds the new value.
    public let name: SecretName

    /// The version that was written; nil if the store has none.
    public let version: String?

    /// The version that was replaced; nil if the store has none.
    public let replacedVersion: String?

    /// Whether the old can't be read any more: it was deleted or retired, or the store kept no versions.
    public let isOldRetired: Bool
}

/// A rotation that stopped, with what was done until then; never with a value.
///
/// The old secret is as it was in every case but one: after a failure at ``Step/retiring`` it may be retired.
public struct SecretRotationError: ValueFreeError {
    /// A step of a rotation; more may come.
    public struct Step: Hashable, Sendable, CustomStringConvertible {
        /// The name of the step.
        public let description: String

        /// The old secret is read.
        public static var reading: Self { Self(description: "reading") }

        /// The new one is written.
        public static var writing: Self { Self(description: "writing") }

        /// The new one is read back and compared.
        public static var verifying: Self { Self(description: "verifying") }

        /// The old one is retired.
        public static var retiring: Self { Self(description: "retiring") }
    }

    /// Where it stopped.
    public let step: Step

    /// The secret that was rotated.
    public let name: SecretName

    /// Where the new value was written, or may have been: nil if it certainly wasn't.
    public let written: SecretName?

    /// Why it stopped.
    public let underlying: any Error

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        errorText(
            "the rotation of \(name) stopped at \(step): \(done)",
            cause: displayLines(valueFreeDescription(of: underlying)),
            remedy: remedy
        )
    }

    private var done: String {
        switch step {
        case .reading: "nothing was written"
        case .writing: written.map { "whether \($0) was written isn't known" } ?? "nothing was written"
        case .verifying: "\(written ?? name) was written, and the old is as it was"
        default: "\(written ?? name) was written and read back; the old may be there still"
        }
    }

    private var remedy: String {
        switch step {
        case .reading: "fix that, and rotate it again"
        case .writing where written == nil: "fix that, and rotate it again"
        case .retiring: "retire the old by hand once nobody uses it"
        default: "read what is there now before you rotate it again"
        }
    }
}

extension SecretRotationError: CustomReflectable {
    /// Leaves the underlying error out, since a mirror would show whatever it holds.
    public var customMirror: Mirror { Mirror(self, children: ["step": step.description, "name": name.description]) }
}

extension ManagedSecrets {
    /// Replaces a secret: reads the old, writes the new, reads it back past every cache, compares the two, and only then
    /// retires the old.
    ///
    /// The old is the version before, retired where the manager is a ``RotatableSecretManager``; under another name the
    /// old secret is deleted after that, if nobody has written it meanwhile. It stops before that if anything fails, or if what is read back isn't
    /// what was written.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - content: What the new one holds.
    ///   - newName: The name of the new one; nil for the same name. A secret that is there already isn't overwritten,
    ///     where the manager can write on a condition.
    ///   - options: What is said of the new one, the deadline of each step, and what else the store takes.
    /// - Returns: What was done.
    /// - Throws: A ``SecretRotationError``, or a ``KeyResolutionError`` if nothing could be begun: for a bad name, where
    ///   the access isn't read-write, or if the manager can't write, or can't delete the old of another name.
    @discardableResult
    public func rotate(
        _ name: String,
        to content: SecretContent,
        as newName: String? = nil,
        _ options: SecretWriteOptions = SecretWriteOptions()
    ) async throws -> SecretRotation {
        try await rotate(fullName(name), as: newName.map { try fullName($0) }, options) { _ in content }
    }

    /// Replaces one field of a secret; the others are carried over.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - field: The name of the field.
    ///   - value: What the field holds in the new one.
    ///   - newName: The name of the new secret; nil for the same name.
    ///   - options: What is said of the new one, the deadline of each step, and what else the store takes.
    /// - Returns: What was done.
    /// - Throws: As ``rotate(_:to:as:_:)``.
    @discardableResult
    public func rotate(
        _ name: String,
        field: String,
        to value: String,
        as newName: String? = nil,
        _ options: SecretWriteOptions = SecretWriteOptions()
    ) async throws -> SecretRotation {
        try Self.checkField(field)
        let title = title
        return try await rotate(fullName(name), as: newName.map { try fullName($0) }, options) { old in
            guard let content = old.replacing(field, with: value) else {
                throw KeyResolutionError.invalidConfiguration(
                    "\(title): \(displayText(name)) is one text, and has no fields",
                    remedy: "rotate the whole secret"
                )
            }
            if old[field] != nil { return content }
            let meant = closestMatch(to: field, among: old.object?.members?.map(\.name) ?? [])
            throw KeyResolutionError(
                .absent,
                "\(title): \(displayText(name)) has no field '\(displayText(field))'",
                remedy: meant.map { "did you mean '\(displayText($0))'?" } ?? "write it first, or correct its name"
            )
        }
    }

    /// Replaces a secret that was looked at before, unless somebody else has written it since.
    package func rotate(
        _ name: String,
        from expected: StoredSecret,
        to content: SecretContent,
        as newName: String?
    ) async throws -> SecretRotation {
        let newName = try newName.map { try fullName($0) }
        return try await rotate(fullName(name), from: expected, as: newName, SecretWriteOptions()) { _ in content }
    }

    private func rotate(
        _ name: SecretName,
        from expected: StoredSecret? = nil,
        as newName: SecretName?,
        _ options: SecretWriteOptions,
        making content: @Sendable (SecretContent) throws -> SecretContent
    ) async throws -> SecretRotation {
        let target = newName ?? name
        _ = try capable(.write, (any WritableSecretManager).self)
        if target != name { _ = try capable(.delete, (any DeletableSecretManager).self) }
        try requireReading()
        try requireWriting()
        var step = SecretRotationError.Step.reading
        var written: SecretName?
        do {
            let old = try await existing(name, options.call)
            if let expected, !SecretCondition.isUnchanged(since: expected).holds(for: old) {
                throw Self.overtaken(name)
            }
            let new = try content(old.content)
            guard target != name || new != old.content else { throw Self.unchanged(name) }
            step = .writing
            if target != name, try await read(target, options.call) != nil { throw Self.occupied(target) }
            written = target
            let version = try await put(new, to: target, after: target == name ? old : nil, options)
            step = .verifying
            guard try await existing(target, options.call).content == new else { throw Self.mismatch(target) }
            step = .retiring
            let isRetired = try await retire(old, of: name, for: target, options.call)
            // To a store two names may be one.
            if target != name {
                guard try await existing(target, options.call).content == new else { throw Self.mismatch(target) }
            }
            return SecretRotation(
                name: target,
                version: version,
                replacedVersion: old.version,
                isOldRetired: isRetired
            )
        } catch {
            if step == .writing, Self.wroteNothing(error) { written = nil }
            throw SecretRotationError(step: step, name: name, written: written, underlying: error)
        }
    }

    private func existing(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret {
        var current = options
        current.version = nil
        if let secret = try await read(name, current) { return secret }
        throw KeyResolutionError(.absent, "\(title) has no \(name)", remedy: "write it first, or correct the name")
    }

    /// Writes the new secret, where the manager can only if nobody else has written there meanwhile.
    private func put(
        _ content: SecretContent,
        to name: SecretName,
        after old: StoredSecret?,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        let condition = old.map { SecretCondition.isUnchanged(since: $0) } ?? .isAbsent
        return try await write(content, to: name, if: can(.checkAndSet) ? condition : nil, options)
    }

    private func retire(
        _ old: StoredSecret,
        of name: SecretName,
        for target: SecretName,
        _ options: SecretOptions
    ) async throws -> Bool {
        if target != name {
            // What somebody else has written meanwhile isn't ours to delete.
            let now = try await existing(name, options)
            guard SecretCondition.isUnchanged(since: old).holds(for: now) else { throw Self.overtaken(name) }
        }
        let manager = capability(.rotate, (any RotatableSecretManager).self)
        if let manager, let version = old.version {
            defer { changes.announce(name) }
            try await call("retiring a version of", name, options) { try await manager.retire(version, of: name, $0) }
        }
        // What a store deletes it may keep recoverable, so the version that was replaced went before.
        if target != name { try await delete(name, recoverableFor: nil, options) }
        return target != name || old.version == nil || manager != nil
    }

    private static func overtaken(_ name: SecretName) -> KeyResolutionError {
        KeyResolutionError(
            .conflict,
            "somebody else has written \(name) meanwhile",
            remedy: "look at it, and rotate it again"
        )
    }

    private static func unchanged(_ name: SecretName) -> KeyResolutionError {
        KeyResolutionError(.conflict, "the new value of \(name) is the one it has", remedy: "make a new one")
    }

    private static func occupied(_ name: SecretName) -> KeyResolutionError {
        KeyResolutionError(.conflict, "\(name) is there already", remedy: "choose another name, or delete it first")
    }

    private static func mismatch(_ name: SecretName) -> KeyResolutionError {
        KeyResolutionError(
            .conflict,
            "what was read back from \(name) isn't what was written: somebody else wrote it, or the store lags behind",
            remedy: "see who else writes it"
        )
    }

    /// Whether a failed write certainly wrote nothing.
    private static func wroteNothing(_ error: any Error) -> Bool {
        guard let code = (error as? KeyResolutionError)?.code else { return false }
        return ![.unavailable, .timedOut, .pluginFailed].contains(code)
    }
}
