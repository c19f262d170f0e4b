#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks

/// Copies secrets from one manager to another.
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy secrets from one secret manager to another; never shows a value.",
        discussion: """
            Copies the named secrets, or all. What is equal is left as it is; what differs is overwritten, and where the \
            manager can, only if nobody else writes it meanwhile. One that fails doesn't hold up the others. Exits 0 if \
            all are there, 1 if one isn't in the first manager, 2 if one can't be copied, 3 if one was denied.

            Example: keyhooks copy --from team --to vault --dry-run
            """
    )

    @Argument(help: ArgumentHelp("The names of secrets; all if they are left out.", valueName: "secret"))
    var secrets: [String] = []

    @Option(help: ArgumentHelp("The manager that has them.", valueName: "name"))
    var from: String

    @Option(help: ArgumentHelp("The manager that is to have them.", valueName: "name"))
    var to: String

    @Flag(help: "Only say what would be copied; write nothing.")
    var dryRun = false

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        if from == to { throw ValidationError("--from and --to name the same manager: there is nothing to copy") }
        try (secrets + [from, to]).map { $0 }.refuseValues()
        for name in secrets { try name.checkSecretName() }
    }

    func run() async throws {
        try await options.withManagers { resolver in
            let (source, target) = (try resolver.secrets(in: from), try resolver.secrets(in: to))
            try source.require(.read)
            if !dryRun { try target.require(.write) }
            let names = secrets.isEmpty ? try await source.list(limit: 1_000_000).map(\.rawValue) : secrets
            var outcomes: [CopiedSecret] = []
            for name in names { outcomes.append(try await copy(name, from: source, to: target)) }
            try StandardOutput.write(outcomes, asJSON: options.json, text: Self.text(outcomes, isDry: dryRun))
            let status = ExitStatus.worst(of: outcomes.map(\.exit))
            if !status.isSuccess { throw status }
        }
    }

    private func copy(
        _ name: String,
        from source: ManagedSecrets,
        to target: ManagedSecrets
    ) async throws -> CopiedSecret {
        do {
            guard let secret = try await source.read(name) else {
                return CopiedSecret(
                    secret: name,
                    status: "absent",
                    message: "'\(from)' has none",
                    exit: ExitStatus.absent
                )
            }
            let isComparable = target.access.isReadable
            let old = isComparable ? try await target.read(name) : nil
            if let old, old.content == secret.content { return CopiedSecret(secret: name, status: "equal") }
            guard !dryRun else {
                let words = isComparable ? old == nil ? "new" : "differs" : "can't be compared"
                return CopiedSecret(secret: name, status: "would copy", message: words)
            }
            let condition = old.map { SecretCondition.isUnchanged(since: $0) } ?? .isAbsent
            let version = try await target.write(
                secret.content,
                to: name,
                if: isComparable && target.can(.checkAndSet) ? condition : nil
            )
            return CopiedSecret(secret: name, status: "copied", message: version.map { "version \($0)" })
        } catch let error as KeyResolutionError {
            let exit = ExitStatus.of(error)
            let status = exit == ExitStatus.denied ? "denied" : "failed"
            return CopiedSecret(secret: name, status: status, message: "\(error)", exit: exit)
        }
    }

    private static func text(_ outcomes: [CopiedSecret], isDry: Bool) -> String {
        guard !outcomes.isEmpty else { return "there is nothing to copy\n" }
        var table = TextTable()
        for outcome in outcomes {
            table.add(displayText(outcome.secret), outcome.status, displayText(outcome.message ?? "", limit: 8192))
        }
        return table.text
    }
}

/// What became of one secret.
private struct CopiedSecret: Encodable {
    let secret: String
    let status: String
    var message: String?
    var exit = ExitCode.success

    private enum CodingKeys: CodingKey {
        case secret, status, message
    }
}
#endif
