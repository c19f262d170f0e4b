import KeyHooks
import PluginHost

/// The rules of plugins that manage secrets, which are those of every secret manager.
extension ConformanceRun {
    /// A rule for each thing that a manager can do.
    var ofSecrets: [(ConformanceReport.Rule, Check)] {
        SecretOperation.allCases.compactMap { operation in
            ConformanceReport.Rule(rawValue: operation.rawValue)
                .map { ($0, { () async throws(ConformanceFault) in try await keepsRules(of: operation) }) }
        }
    }

    private func keepsRules(of operation: SecretOperation) async throws(ConformanceFault) -> String {
        guard let manager = manager() else { throw .unclear("it isn't a secret manager") }
        guard manager.offers(operation) else { throw .unclear("its manifest doesn't have '\(operation.rawValue)'") }
        guard operation != .delete || manager.offers(.write) else {
            throw .unclear("not tried: it can't write anything that could be deleted")
        }
        guard writable != nil || [.read, .health, .list].contains(operation) else {
            throw .unclear("not tried: name a secret that may be written and deleted (--writable NAME)")
        }
        let conformance = SecretManagerConformance(of: manager)
        let failures = await conformance.failures(of: operation, "keyhooks-check/nobody-has-this", writable)
        guard failures.isEmpty else { throw .broken(failures.joined(separator: "; ")) }
        return operation == .health ? "it is healthy" : "it keeps the rules of secret managers"
    }

    /// The plugin as a secret manager, whose process is its own and ends with it.
    private func manager() -> PluginSecretManager? {
        let transcript = transcript
        var settings = RunnerSettings(launch) { event, bytes in
            switch event {
            case .sent: transcript.add(sent: bytes)
            case .received:
                transcript.mirror?.take(bytes + [UInt8(ascii: "\n")], from: .output)
                transcript.add(output: bytes)
            case .errors:
                transcript.mirror?.take(bytes, from: .errors)
                transcript.add(errors: bytes)
            }
        }
        settings.children = children
        return PluginSecretManager(manifest, settings.runner())
    }
}
