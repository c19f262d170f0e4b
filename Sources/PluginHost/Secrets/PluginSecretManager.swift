import JSON5Syntax
package import KeyHooks

/// A plugin's process as a secret manager: what it can do is what its manifest says.
package struct PluginSecretManager: SelectiveSecretManager {
    private let id: PluginID
    private let secrets: PluginSecrets
    private let runner: any PluginRunner

    /// Makes the manager, and starts nothing; nil if the plugin is none.
    package init?(_ manifest: PluginManifest, _ runner: any PluginRunner) {
        guard let secrets = manifest.secrets else { return nil }
        (id, self.secrets, self.runner) = (manifest.id, secrets, runner)
    }

    package func offers(_ operation: SecretOperation) -> Bool { secrets.offers(operation) }

    /// As long as the plugin may take by itself: to start and to answer, or to wait for a person.
    package var patience: Duration {
        let launch = runner.launch
        let answer = launch.mayAskUser ? SessionLimits().progressCap : launch.requestTimeout
        return launch.helloTimeout + max(answer, launch.requestTimeout) + .seconds(1)
    }

    package func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        let arguments = [("name", JSONNode.string(name.rawValue)), ("version", options.version.map(JSONNode.string))]
        return try await ask(.read, arguments, options) { result throws(PluginMessage.Violation) in
            let secret = try StoredSecret(result)
            if let wanted = options.version, secret.version != wanted {
                throw PluginMessage.Violation(problem: "it was asked for a version and answered with another, or none")
            }
            return secret
        }
    }

    /// Asks one question.
    ///
    /// A read is asked again while the store can't be reached and there is time; of what changes something nobody knows
    /// then whether it was done, so it is asked once.
    ///
    /// - Returns: What the result means; nil if there is no such secret.
    private func ask<Result>(
        _ operation: SecretOperation,
        _ arguments: [(String, JSONNode?)],
        _ options: SecretOptions,
        _ understand: (JSONNode) throws(PluginMessage.Violation) -> Result
    ) async throws -> Result? {
        try options.refuseParameters(besides: secrets.parameters)
        var request = PluginRequest(operation, arguments, parameters: options.parameters)
        request.deadline = options.timeout.flatMap { $0 < runner.launch.requestTimeout ? $0 : nil }
        do {
            let answer =
                operation == .read ? try await runner.answerRetrying(request) : try await runner.answer(to: request)
            switch answer {
            case .finish(let result): return try understand(result.value)
            case .notFound: return nil
            default:
                throw PluginMessage.Violation(
                    problem: "it answers '\(operation.point)' neither with 'finish' nor with the error 'not-found'"
                )
            }
        } catch let error as PluginError {
            throw error.keyResolutionError(missing: runner.launch.missingVariables)
        } catch let error as PluginMessage.Violation {
            throw runner.launch.error(.protocolViolation, error.problem, hint: error.hint).keyResolutionError()
        }
    }
}

extension PluginSecretManager: CheckAndSetSecretManager, DeletableSecretManager, RotatableSecretManager {
    package func write(
        _ content: SecretContent,
        to name: SecretName,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        try await write(content, to: name, nil, options)
    }

    package func write(
        _ content: SecretContent,
        to name: SecretName,
        if condition: SecretCondition,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        try await write(content, to: name, JSONNode(condition), options)
    }

    private func write(
        _ content: SecretContent,
        to name: SecretName,
        _ condition: JSONNode?,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        let secret = JSONNode(content)
        let arguments = [
            ("name", .string(name.rawValue)), ("secret", secret), ("if", condition),
            ("description", options.description.map(JSONNode.string)),
            ("tags", options.tags.isEmpty ? nil : JSONNode(texts: options.tags)),
        ]
        let version = try await ask(.write, arguments, options.call) { result throws(PluginMessage.Violation) in
            (text: try result.version(notIn: secret.strings), isWritten: true)
        }
        guard let version else {
            throw runner.launch.error(.protocolViolation, "it answers 'secret.write' with 'not-found'")
                .keyResolutionError()
        }
        return version.text
    }

    package func delete(_ name: SecretName, recoverableFor window: Duration?, _ options: SecretOptions) async throws {
        try KeyResolutionError.refuseRecovery(window)
        _ = try await ask(.delete, [("name", .string(name.rawValue))], options) { _ in }
    }

    package func retire(_ version: String, of name: SecretName, _ options: SecretOptions) async throws {
        let arguments = [("name", JSONNode.string(name.rawValue)), ("version", .string(version))]
        _ = try await ask(.rotate, arguments, options) { _ in }
    }
}

extension PluginSecretManager: ListableSecretManager, HealthCheckable {
    package func list(_ prefix: String, after page: String?, _ options: SecretOptions) async throws -> SecretPage {
        let arguments = [("prefix", JSONNode.string(prefix)), ("after", page.map(JSONNode.string))]
        return try await ask(.list, arguments, options) { result throws(PluginMessage.Violation) in
            try SecretPage(result)
        } ?? SecretPage([])
    }

    package func health(_ options: SecretOptions) async -> SecretManagerHealth {
        do {
            let health = try await ask(.health, [], options) { result throws(PluginMessage.Violation) in
                let reason = runner.settings.mask.doubtful(result["reason"]?.string) ?? "it gives no reason"
                switch result["state"]?.string {
                case "healthy": return SecretManagerHealth.healthy
                case "degraded": return SecretManagerHealth.degraded(reason)
                case "unreachable": return SecretManagerHealth.unreachable(reason)
                default:
                    throw PluginMessage.Violation(
                        problem: "the result of 'secret.health' has no 'state': healthy, degraded or unreachable"
                    )
                }
            }
            return health ?? .unreachable("it says that it isn't there")
        } catch {
            return .unreachable((error as? KeyResolutionError)?.message ?? "the question was cancelled")
        }
    }
}
