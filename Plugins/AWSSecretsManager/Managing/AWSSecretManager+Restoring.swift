#if AWS
import JSON5Syntax
public import KeyHooks
import LightFoundation

extension AWSSecretManager {
    /// Brings a secret back that is scheduled for deletion.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - options: The deadline.
    /// - Throws: A `KeyResolutionError`; `absent` if there is no such secret.
    public func restore(_ name: SecretName, _ options: SecretOptions = SecretOptions()) async throws {
        try options.refuseVersion()
        try options.refuseParameters()
        _ = try await changing(name) {
            try await ask("RestoreSecret", [JSONMember("SecretId", .string(name.rawValue))], "restoring", name, options)
        }
    }

    /// What AWS says of a secret without its value, of a deleted one too.
    struct Description {
        /// The id of the version that is current; nil if none is.
        let current: String?
        let isDeleted: Bool
        let replicas: [String]
    }

    func description(of name: SecretName, _ options: SecretOptions) async throws -> Description {
        let id = JSONMember("SecretId", .string(name.rawValue))
        let reply = try await ask("DescribeSecret", [id], "describing", name, options)
        let isDeleted = if case .null = reply["DeletedDate"]?.kind ?? .null { false } else { true }
        return Description(
            current: reply["VersionIdsToStages"]?.members?
                .first { $0.value.elements?.contains { $0.string == StagingLabel.current } == true }?
                .name,
            isDeleted: isDeleted,
            replicas: reply["ReplicationStatus"]?.elements?.compactMap { $0["Region"]?.string } ?? []
        )
    }

    /// Restores a secret, writes it, and takes the restoring back if that fails.
    ///
    /// - Parameters:
    ///   - write: What is written.
    ///   - before: The secret as it was found.
    ///   - body: Writes it.
    /// - Returns: What `body` gives.
    /// - Throws: Why it wasn't written, or not whole.
    func restoring(
        _ write: Write,
        _ before: Description,
        _ body: () async throws -> String?
    ) async throws -> String? {
        let call = write.options.call
        let version: String?
        do {
            _ = try await ask("RestoreSecret", [write.id], "restoring", write.name, call)
            version = try await body()
        } catch let error as KeyResolutionError where [.conflict, .pluginFailed].contains(error.code) {
            // Somebody else has written it, or it is written and only what is said of it isn't.
            throw error
        } catch {
            // In a task of its own: a call that was cancelled, or took too long, takes it back too.
            let undoing = Task { try await deleteAgain(write, before) }
            do {
                try await undoing.value
            } catch let second {
                let (why, then) = (Self.reason(error), Self.reason(second))
                throw KeyResolutionError(
                    why?.code ?? .unavailable,
                    "\(write.name) was restored and couldn't be written: \(why?.message ?? "it was cancelled"). It "
                        + "couldn't be scheduled for deletion again either: \(then?.message ?? "that was cancelled")",
                    remedy: "see whether its old value can be read again: delete it, or write it"
                )
            }
            throw error
        }
        // AWS deletes nothing that has replicas, so one that was deleted has none.
        if !configuration.replicas.isEmpty {
            try await saying("isn't replicated", of: write) {
                try Self.checkReplicas(
                    try await addReplicas(configuration.replicas, of: write.name, call),
                    of: write.name
                )
            }
        }
        return version
    }

    /// Deletes a secret that was restored in vain: it is nobody's wish that the old value is readable again.
    ///
    /// What has another value by now is somebody else's, or was written all the same.
    private func deleteAgain(_ write: Write, _ before: Description) async throws {
        let call = write.options.call
        let now = try await description(of: write.name, call)
        guard !now.isDeleted, now.current == before.current else { return }
        var body = [write.id]
        if case .days(let days)? = try? RecoveryWindow(configuration.recoveryWindow) {
            body.append(JSONMember("RecoveryWindowInDays", .integer(days)))
        }
        _ = try await ask("DeleteSecret", body, "deleting", write.name, call)
    }

    private static func reason(_ error: any Error) -> KeyResolutionError? {
        (error as? AWSFailure)?.error ?? error as? KeyResolutionError
    }
}
#endif
