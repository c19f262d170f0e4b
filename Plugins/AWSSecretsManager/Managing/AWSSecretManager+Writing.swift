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
        return try await changing(write.name) {
            do {
                return try await put(write)
            } catch let failure as AWSFailure where failure.kind == .absent {
                do {
                    return try await create(write)
                } catch let failure as AWSFailure where failure.kind == .exists {
                    // Somebody else was faster, or it is one without a value so far.
                    return try await put(write)
                }
            } catch let failure as AWSFailure where failure.kind == .deleted {
                return try await restoring(write, try await description(of: name, options.call)) {
                    try await put(write)
                }
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
        guard configuration.stage == StagingLabel.current else {
            throw KeyResolutionError.invalidConfiguration(
                "\(name) is read under the label \(displayText(configuration.stage)), and written on a condition under "
                    + "AWSCURRENT, so no condition would hold",
                remedy: "leave 'stage' out where secrets are written"
            )
        }
        guard let expected = condition.expected else {
            return try await changing(name) { try await createIfAbsent(write) }
        }
        guard let version = expected.version else {
            throw KeyResolutionError.invalidConfiguration(
                "\(name) can be compared by its version only, and what it is to be compared with has none",
                remedy: "read it from AWS first"
            )
        }
        return try await changing(name) {
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
        try await saying("isn't replicated", of: write) { try Self.checkReplicas(reply, of: write.name) }
        return reply["VersionId"]?.string ?? write.token
    }

    private func createIfAbsent(_ write: Write) async throws -> String? {
        do {
            return try await create(write)
        } catch let failure as AWSFailure where failure.kind == .exists {
            let description = try await description(of: write.name, write.options.call)
            // An attempt whose answer was lost had made it.
            if description.current == write.token { return write.token }
            // One that has no value yet, as some programs make them for others to fill, is absent to whoever reads it.
            if description.current == nil, !description.isDeleted { return try await put(write) }
            throw overtaken(write.name, "is there already")
        } catch let failure as AWSFailure where failure.kind == .deleted {
            let description = try await description(of: write.name, write.options.call)
            // Of two who find it deleted, the second finds it restored by the first, or sees the first's version.
            guard description.isDeleted else { throw overtaken(write.name, "is there already") }
            return try await restoring(write, description) {
                guard let version = description.current else { return try await put(write) }
                return try await put(write, after: version)
            }
        }
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
        } catch let failure as AWSFailure where !failure.mayBeDone || failure.kind == .invalid {
            let current = try? await description(of: write.name, call).current
            // An attempt whose answer was lost had moved it.
            if current != write.token {
                try? await move(label, of: write.name, from: write.token, to: nil, call)
                guard failure.kind == .invalid, let current, current != expected else { throw failure }
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

    private func tag(_ write: Write) async throws {
        guard let tags = write.tags else { return }
        try await saying("its tags weren't", of: write) {
            _ = try await ask("TagResource", [write.id, tags], "tagging", write.name, write.options.call)
        }
    }

    /// Says that a secret was written, where something that belongs to it fails.
    func saying(_ what: String, of write: Write, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            guard let why = (error as? AWSFailure)?.error ?? error as? KeyResolutionError else { throw error }
            throw KeyResolutionError(
                .pluginFailed,
                "\(write.name) was written as version \(write.token), and \(what): \(why.message)",
                remedy: why.remedy
            )
        }
    }

    func overtaken(_ name: SecretName, _ what: String) -> KeyResolutionError {
        KeyResolutionError(.conflict, "\(name) \(what), and nothing was written", remedy: "read it, and write again")
    }
}
#endif
