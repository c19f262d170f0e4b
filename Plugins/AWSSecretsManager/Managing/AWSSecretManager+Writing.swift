#if AWS
import JSON5Syntax
public import KeyHooks
import LightFoundation
import ServerSettings

extension AWSSecretManager: CheckAndSetSecretManager {
    /// Writes the next version of a secret, or creates it; a name inside its recovery window is restored and written.
    ///
    /// If a restored one can't be written it is scheduled for deletion again.
    @discardableResult
    public func write(
        _ content: SecretContent,
        to name: SecretName,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        let write = try Write(content, name, options)
        return try await run {
            do {
                return try await put(write)
            } catch let failure as AWSFailure where failure.kind == .absent {
                return try await create(write)
            } catch let failure as AWSFailure where failure.kind == .deleted {
                return try await restoring(write) { try await put(write) }
            }
        }
    }

    /// Writes a secret if nobody else has written it meanwhile.
    ///
    /// The new version is written under a label of its own, and gets `AWSCURRENT` only if the version that was expected
    /// still has it: AWS moves a label in one step.
    @discardableResult
    public func write(
        _ content: SecretContent,
        to name: SecretName,
        if condition: SecretCondition,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        let write = try Write(content, name, options)
        guard let expected = condition.expected else { return try await run { try await createIfAbsent(write) } }
        guard let version = expected.version else {
            throw KeyResolutionError.invalidConfiguration(
                "\(name) can be compared by its version only, and what it is to be compared with has none",
                remedy: "read it from AWS first"
            )
        }
        return try await run {
            do {
                return try await put(write, after: version)
            } catch let failure as AWSFailure where [.absent, .deleted].contains(failure.kind) {
                throw overtaken(name, "was deleted meanwhile")
            }
        }
    }

    /// One write, whose attempts AWS knows to be one by its token.
    struct Write: Sendable {
        let name: SecretName
        let text: String
        let options: SecretWriteOptions

        /// The id of the version that is written.
        let token = UUID().uuidString.lowercased()

        init(_ content: SecretContent, _ name: SecretName, _ options: SecretWriteOptions) throws(KeyResolutionError) {
            try options.call.refuseVersion()
            try options.call.refuseParameters()
            self.name = name
            self.options = options
            switch content.form {
            case .text(let text): self.text = text
            case .fields(let node):
                guard let bytes = try? node.jsonBytes() else {
                    throw .invalidConfiguration("\(name) has a number that JSON hasn't", remedy: "write it as a text")
                }
                text = String(decoding: bytes, as: UTF8.self)
            }
            // AWS's bound; its own answer says less.
            guard text.utf8.count <= 65_536 else {
                throw .invalidConfiguration(
                    "\(name) would have more than 64 KiB",
                    remedy: "spread it over more secrets"
                )
            }
            guard !text.isEmpty else {
                throw .invalidConfiguration("AWS keeps no empty secrets", remedy: "delete \(name), or write a value")
            }
        }

        /// The value and the token.
        var value: [JSONMember] {
            [JSONMember("SecretString", .string(text)), JSONMember("ClientRequestToken", .string(token))]
        }

        var id: JSONMember { JSONMember("SecretId", .string(name.rawValue)) }

        var tags: JSONMember? {
            guard !options.tags.isEmpty else { return nil }
            let tags = options.tags.sorted { $0.key < $1.key }
                .map { JSONNode.object(["Key": .string($0.key), "Value": .string($0.value)]) }
            return JSONMember("Tags", .array(tags))
        }

        var description: JSONMember? { options.description.map { JSONMember("Description", .string($0)) } }
    }

    /// Writes the next version of a secret that is there.
    private func put(_ write: Write) async throws -> String? {
        let (action, more) =
            write.description.map { ("UpdateSecret", [$0]) } ?? ("PutSecretValue", [])
        let reply = try await ask(action, [write.id] + write.value + more, "writing", write.name, write.options.call)
        try await tag(write)
        return reply["VersionId"]?.string ?? write.token
    }

    private func create(_ write: Write) async throws -> String? {
        var body = [JSONMember("Name", .string(write.name.rawValue))] + write.value
        body += [write.description, write.tags, configuration.kmsKey.map { JSONMember("KmsKeyId", .string($0)) }]
            .compactMap(\.self)
        // In the same step, so that no secret is without its replicas and a denial leaves nothing behind.
        if !configuration.replicas.isEmpty {
            body.append(JSONMember("AddReplicaRegions", Self.regions(configuration.replicas)))
        }
        let reply = try await ask("CreateSecret", body, "creating", write.name, write.options.call)
        try Self.checkReplicas(reply, of: write.name, .pluginFailed)
        return reply["VersionId"]?.string ?? write.token
    }

    private func createIfAbsent(_ write: Write) async throws -> String? {
        do {
            return try await create(write)
        } catch let failure as AWSFailure where failure.kind == .exists {
            throw overtaken(write.name, "is there already")
        } catch let failure as AWSFailure where failure.kind == .deleted {
            // Of two who find it deleted, the second sees the version of the first.
            guard let version = try await currentVersion(of: write.name, write.options.call) else { throw failure }
            return try await restoring(write) { try await put(write, after: version) }
        }
    }

    /// Restores a secret, writes it, and takes the restoring back if that fails.
    private func restoring(_ write: Write, _ body: () async throws -> String?) async throws -> String? {
        let call = write.options.call
        _ = try await ask("RestoreSecret", [write.id], "restoring", write.name, call)
        let version: String?
        do {
            version = try await body()
        } catch let error as KeyResolutionError where [.conflict, .pluginFailed].contains(error.code) {
            // Somebody else has written it, or it is written and only what is said of it isn't.
            throw error
        } catch {
            // It is nobody's wish that the old value is readable again.
            var body = [write.id]
            if case .days(let days)? = try? RecoveryWindow(configuration.recoveryWindow) {
                body.append(JSONMember("RecoveryWindowInDays", .integer(days)))
            }
            do {
                // In a task of its own: a call that was cancelled, or took too long, takes it back too.
                let deletion = Task { [body] in try await ask("DeleteSecret", body, "deleting", write.name, call) }
                _ = try await deletion.value
            } catch let second {
                let why = (error as? AWSFailure)?.error ?? (error as? KeyResolutionError)
                let then = (second as? AWSFailure)?.error ?? (second as? KeyResolutionError)
                throw KeyResolutionError(
                    why?.code ?? .unavailable,
                    "\(write.name) was restored and couldn't be written: \(why?.message ?? "it was cancelled"). It "
                        + "couldn't be scheduled for deletion again either: \(then?.message ?? "that was cancelled")",
                    remedy: "its old value can be read again: delete it, or write it"
                )
            }
            throw error
        }
        // AWS deletes nothing that has replicas, so it has none now.
        if !configuration.replicas.isEmpty {
            try await saying("couldn't be replicated", of: write) {
                let reply = try await addReplicas(configuration.replicas, of: write.name, call)
                try Self.checkReplicas(reply, of: write.name, .pluginFailed)
            }
        }
        return version
    }

    /// Writes the next version if the current one is the one that is expected.
    private func put(_ write: Write, after expected: String) async throws -> String? {
        let call = write.options.call
        // Nobody else's, so that of two writers neither takes away what the other has.
        let label = "keyhooks-\(write.token)"
        let stages = JSONMember("VersionStages", .array([.string(label)]))
        _ = try await ask("PutSecretValue", [write.id] + write.value + [stages], "writing", write.name, call)
        do {
            try await move(StagingLabel.current, of: write.name, from: expected, to: write.token, call)
        } catch let failure as AWSFailure where failure.kind == .invalid {
            let current = try? await currentVersion(of: write.name, call)
            // An attempt whose answer was lost had moved it.
            if current != write.token {
                try? await move(label, of: write.name, from: write.token, to: nil, call)
                guard let current, current != expected else { throw failure }
                throw overtaken(
                    write.name,
                    "was written by somebody else meanwhile; it is at version \(displayText(current)) now"
                )
            }
        }
        // A label that is left over changes nothing.
        try? await move(label, of: write.name, from: write.token, to: nil, call)
        if let description = write.description {
            try await saying("its description wasn't", of: write) {
                // A token of its own, as the SDKs send: this makes no version.
                let token = JSONMember("ClientRequestToken", .string(UUID().uuidString.lowercased()))
                _ = try await ask("UpdateSecret", [write.id, description, token], "describing", write.name, call)
            }
        }
        try await tag(write)
        return write.token
    }

    private func move(
        _ label: String,
        of name: SecretName,
        from old: String,
        to new: String?,
        _ options: SecretOptions
    ) async throws {
        var body = [
            JSONMember("SecretId", .string(name.rawValue)), JSONMember("VersionStage", .string(label)),
            JSONMember("RemoveFromVersionId", .string(old)),
        ]
        if let new { body.append(JSONMember("MoveToVersionId", .string(new))) }
        _ = try await ask("UpdateSecretVersionStage", body, "moving a label of", name, options)
    }

    /// The id of the version that is current, of a deleted secret too; nil if none is.
    private func currentVersion(of name: SecretName, _ options: SecretOptions) async throws -> String? {
        let id = JSONMember("SecretId", .string(name.rawValue))
        let reply = try await ask("DescribeSecret", [id], "describing", name, options)
        return reply["VersionIdsToStages"]?.members?
            .first { $0.value.elements?.contains { $0.string == StagingLabel.current } == true }?
            .name
    }

    private func tag(_ write: Write) async throws {
        guard let tags = write.tags else { return }
        try await saying("its tags weren't", of: write) {
            _ = try await ask("TagResource", [write.id, tags], "tagging", write.name, write.options.call)
        }
    }

    /// Says that a secret was written, where something that belongs to it fails.
    private func saying(_ what: String, of write: Write, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as AWSFailure {
            throw KeyResolutionError(
                .pluginFailed,
                "\(write.name) was written as version \(write.token), and \(what): \(failure.error.message)",
                remedy: failure.error.remedy
            )
        }
    }

    private func overtaken(_ name: SecretName, _ what: String) -> KeyResolutionError {
        KeyResolutionError(.conflict, "\(name) \(what), and nothing was written", remedy: "read it, and write again")
    }
}
#endif
