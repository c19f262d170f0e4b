#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks

/// Deletes a secret.
struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a secret, or one field of it, from a secret manager.",
        discussion: """
            Asks first if you sit at a terminal, and nowhere else. What isn't there is deleted already. Exits 0 if it is \
            deleted, 2 if it can't be or you said no, 3 if that was denied.

            Example: keyhooks delete providers --field GROQ_API_KEY --manager team
            """
    )

    @OptionGroup var secret: SecretArgument

    @Option(
        help: ArgumentHelp(
            "For how long it is to be recoverable, such as 7d, where the manager can.",
            valueName: "time"
        )
    )
    var recoverableFor: String?

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        try [secret.secret, secret.manager, secret.field].refuseValues()
        if !secret.more.isEmpty { throw ValidationError("'delete' takes one secret at a time") }
        _ = try window()
        if secret.field != nil, recoverableFor != nil {
            throw ValidationError("--recoverable-for is for whole secrets; leave it out, or --field")
        }
    }

    private func window() throws -> Duration? {
        guard let recoverableFor else { return nil }
        do throws(DurationSyntax.Failure) {
            return try DurationSyntax.parse(recoverableFor)
        } catch {
            throw ValidationError("--recoverable-for: \(error.message)")
        }
    }

    func run() async throws {
        let window = try window()
        try await options.withManagers { resolver in
            let secrets = try resolver.secrets(in: secret.manager)
            try secrets.require(secret.field == nil ? .delete : .write)
            if Terminal.isThere, !Terminal.agrees(to: "Delete \(secret.title) from '\(secret.manager)'?") {
                StandardError.write("nothing was deleted")
                throw ExitStatus.failed
            }
            if let field = secret.field {
                try await secrets.write(nil, toField: field, of: secret.secret)
            } else {
                try await secrets.delete(secret.secret, recoverableFor: window)
            }
            try SecretReport(secret, status: .deleted).show(asJSON: options.json)
        }
    }
}
#endif
