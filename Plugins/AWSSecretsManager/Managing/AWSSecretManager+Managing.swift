#if AWS
import JSON5Syntax
public import KeyHooks
import LightFoundation
import ServerSettings

extension AWSSecretManager: DeletableSecretManager {
    /// Schedules a secret for deletion, or deletes it at once with a window of zero; its replicas are taken away first.
    public func delete(
        _ name: SecretName,
        recoverableFor window: Duration?,
        _ options: SecretOptions
    ) async throws {
        try options.refuseVersion()
        try options.refuseParameters()
        var body = [JSONMember("SecretId", .string(name.rawValue))]
        switch try RecoveryWindow(window ?? configuration.recoveryWindow) {
        case .standard: break
        case .none: body.append(JSONMember("ForceDeleteWithoutRecovery", .bool(true)))
        case .days(let days): body.append(JSONMember("RecoveryWindowInDays", .integer(days)))
        }
        let request = body
        try await changing(name) {
            do {
                _ = try await ask("DeleteSecret", request, "deleting", name, options)
            } catch let failure as AWSFailure where [.absent, .deleted].contains(failure.kind) {
                // It is deleted already.
            } catch let failure as AWSFailure where failure.kind == .replicated {
                let replicas = try await description(of: name, options).replicas
                guard !replicas.isEmpty else { throw failure }
                try await removeReplicas(replicas, of: name, options)
                do {
                    try await waiting(options) { _ = try await ask("DeleteSecret", request, "deleting", name, options) }
                } catch let failure as AWSFailure {
                    throw KeyResolutionError(
                        failure.error.code,
                        "its replicas in \(displayText(replicas.joined(separator: ", "))) were taken away, and then: "
                            + failure.error.message,
                        remedy: failure.error.remedy
                    )
                }
            }
        }
    }

    /// Does what AWS refuses until it has taken the replicas away, which it does in its own time.
    private func waiting(_ options: SecretOptions, _ body: () async throws -> Void) async throws {
        let deadline = clock.now() + (options.timeout ?? .seconds(10))
        var pause = Duration.milliseconds(200)
        while true {
            do {
                return try await body()
            } catch let failure as AWSFailure where failure.kind == .replicated {
                guard clock.now() + pause < deadline else { throw failure }
            }
            try await clock.sleep(pause)
            pause = pause * 2
        }
    }
}

extension AWSSecretManager {
    /// Replicates a secret to more regions; AWS keeps the replicas up to date.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - replicas: The regions; with none nothing is asked.
    ///   - options: The deadline.
    /// - Throws: A `KeyResolutionError`; `conflict` if a region has a secret of this name already, which is left alone.
    public func replicate(
        _ name: SecretName,
        to replicas: [AWSReplica],
        _ options: SecretOptions = SecretOptions()
    ) async throws {
        try options.refuseVersion()
        try options.refuseParameters()
        guard !replicas.isEmpty else { return }
        var configuration = configuration
        configuration.replicas = replicas
        try configuration.check()
        try await changing(name) {
            try Self.checkReplicas(try await addReplicas(replicas, of: name, options), of: name)
        }
    }

    func addReplicas(
        _ replicas: [AWSReplica],
        of name: SecretName,
        _ options: SecretOptions
    ) async throws -> JSONNode {
        let body = [
            JSONMember("SecretId", .string(name.rawValue)), JSONMember("AddReplicaRegions", Self.regions(replicas)),
        ]
        return try await ask("ReplicateSecretToRegions", body, "replicating", name, options)
    }

    /// Takes a secret's replicas in regions away.
    ///
    /// - Parameters:
    ///   - regions: The regions; with none nothing is asked.
    ///   - name: The secret.
    ///   - options: The deadline.
    /// - Throws: A `KeyResolutionError`.
    public func removeReplicas(
        _ regions: [String],
        of name: SecretName,
        _ options: SecretOptions = SecretOptions()
    ) async throws {
        guard !regions.isEmpty else { return }
        let body = [
            JSONMember("SecretId", .string(name.rawValue)),
            JSONMember("RemoveReplicaRegions", .array(regions.map(JSONNode.string))),
        ]
        _ = try await changing(name) {
            try await ask("RemoveRegionsFromReplication", body, "removing replicas of", name, options)
        }
    }

    static func regions(_ replicas: [AWSReplica]) -> JSONNode {
        .array(
            replicas.map { replica in
                let key = replica.kmsKey.map { [JSONMember("KmsKeyId", .string($0))] } ?? []
                return JSONNode(.object([JSONMember("Region", .string(replica.region))] + key))
            }
        )
    }

    /// Finds replicas that failed, in a reply that is a success otherwise.
    ///
    /// - Parameters:
    ///   - reply: The reply.
    ///   - name: The secret.
    /// - Throws: A `KeyResolutionError` with the code `conflict`.
    static func checkReplicas(_ reply: JSONNode, of name: SecretName) throws(KeyResolutionError) {
        let failed = (reply["ReplicationStatus"]?.elements ?? []).filter { $0["Status"]?.string == "Failed" }
            .compactMap { $0["Region"]?.string }
        guard !failed.isEmpty else { return }
        throw KeyResolutionError(
            .conflict,
            "\(name) couldn't be replicated to \(displayText(failed.joined(separator: ", ")))",
            remedy: "check whether that region has a secret of this name already, and whether its KMS key can be used"
        )
    }
}

extension AWSSecretManager: ListableSecretManager {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func list(_ prefix: String, after page: String?, _ options: SecretOptions) async throws -> SecretPage {
        try options.refuseVersion()
        try options.refuseParameters()
        var body = [JSONMember("MaxResults", .integer(100))]
        if let page { body.append(JSONMember("NextToken", .string(page))) }
        // A value that begins with '!' would mean all others.
        if !prefix.isEmpty, !prefix.hasPrefix("!") {
            let filter = JSONNode.object(["Key": .string("name"), "Values": .array([.string(prefix)])])
            body.append(JSONMember("Filters", .array([filter])))
        }
        let request = body
        let reply = try await run { try await ask("ListSecrets", request, "listing secrets", nil, options) }
        let names = reply["SecretList"]?.elements?.compactMap { $0["Name"]?.string } ?? []
        return SecretPage(
            names.filter { $0.utf8.starts(with: prefix.utf8) }.compactMap { try? SecretName($0) },
            next: reply["NextToken"]?.string
        )
    }
}
#endif
