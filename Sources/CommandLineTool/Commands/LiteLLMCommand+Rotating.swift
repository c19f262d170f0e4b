#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import LightFoundation
import LiteLLM

extension LiteLLMCommand {
    /// Replaces the key of a static role.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Replace the key of a static role at once.",
            discussion: """
                Blocks the key that all processes have now, and has the one made that takes its place. A process that has \
                read the old key goes on with it until it reads again: after 'ttl', or when the proxy refuses it and \
                the program says so. Asks first if you sit at a terminal, and nowhere else.

                Example: keyhooks litellm rotate dashboard --yes
                """
        )

        @Argument(help: ArgumentHelp("The static role.", valueName: "role"))
        var role: String

        @Flag(help: "Don't ask.")
        var yes = false

        @OptionGroup var options: ConfigurationOptions

        @OptionGroup var scopes: ScopeOptions

        func run() async throws {
            let administration = try options.administrationOfLiteLLM()
            guard let old = try await administration.staticKey(of: role, scope: scopes.scope) else {
                StandardError.write(
                    "nobody has asked for a key of '\(displayText(role))' in this period: there is none to replace"
                )
                return try StandardOutput.write(
                    RotateReport(blocked: nil, current: nil),
                    asJSON: options.json,
                    text: ""
                )
            }
            StandardError.write(
                "blocks the key \(displayText(old.alias, limit: 256)) at \(administration.server), which all processes have"
            )
            if !yes, Terminal.isThere, !Terminal.agrees(to: "Replace it?") {
                StandardError.write("nothing was replaced")
                throw ExitStatus.failed
            }
            let new = try await administration.replace(old, of: role, scope: scopes.scope)
            try StandardOutput.write(
                RotateReport(blocked: old, current: new),
                asJSON: options.json,
                text: "blocked: \(displayText(old.alias, limit: 256))\n"
                    + "in its place: \(displayText(new.alias, limit: 256)), \(LiteLLMWords.end(new.expiresAt))\n"
            )
        }
    }

    /// Replaces the admin key.
    struct RotateAdminKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-admin-key",
            abstract: "Replace the admin key in its file with a successor, and take the old one away.",
            discussion: """
                For an 'adminKey' that is a file, and the key of a user with the role proxy_admin; the proxy's master key \
                is in its own configuration. The successor is tried before the file gets it. Until then, whatever \
                fails leaves the old key as it is. Programs that use this file read it again when the proxy refuses the \
                old key; whatever else has a copy of the old key is locked out at once. The keys of static roles are \
                derived from the admin key: those of the old one are blocked, and programs get another one when they \
                read again. If it is interrupted, the next run takes away what it left, and 'keyhooks litellm check' names it. \
                Asks first if you sit at a terminal, and nowhere else.

                Example: keyhooks litellm rotate-admin-key
                """
        )

        @Flag(help: "Don't ask.")
        var yes = false

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let administration = try options.administrationOfLiteLLM()
            if !yes, Terminal.isThere {
                StandardError.write(
                    "takes the old admin key away at \(administration.server): other machines, scripts and configurations "
                        + "that have a copy of it are locked out until you put the new one there"
                )
                guard Terminal.agrees(to: "Replace the admin key?") else {
                    StandardError.write("nothing was replaced")
                    throw ExitStatus.failed
                }
            }
            // In a task of its own: a signal between its steps waits for its end, for some seconds. What is cut short
            // then is found by the next run.
            let rotation = Task.detached { () async throws(KeyResolutionError) in
                try await administration.rotateAdminKey()
            }
            let end: @Sendable (Bool) async -> Void = { atOnce in if !atOnce { _ = await rotation.result } }
            try await withShutdown(of: end) {
                let rotated: RotatedAdminKey
                do { rotated = try await rotation.value } catch { throw reported(error) }
                if rotated.blocked > 0 {
                    StandardError.write(
                        "keys of static roles that were derived from the old admin key: \(rotated.blocked) blocked"
                    )
                }
                try StandardOutput.write(
                    rotated,
                    asJSON: options.json,
                    text:
                        "the admin key in \(PastedKey.shownPath(rotated.file)) is now \(displayText(rotated.alias, limit: 256)) "
                        + "(\(rotated.hash.prefix(12))…), \(LiteLLMWords.end(rotated.expiresAt))\n"
                )
                if let left = rotated.left {
                    StandardError.write(
                        "error: the new admin key is good, and the old one is there still. Take it away: "
                            + "keyhooks litellm revoke --any \(left.prefix(12))"
                    )
                }
                for name in rotated.unblocked {
                    StandardError.write(
                        "error: keys of the static role '\(displayText(name))' that were derived from the old admin key may "
                            + "be good still. Take them away: keyhooks litellm revoke --yes --role \(name)"
                    )
                }
                if rotated.left != nil || !rotated.unblocked.isEmpty { throw ExitStatus.failed }
            }
        }
    }
}

/// What became of the key of a static role.
private struct RotateReport: Encodable {
    let blocked: StaticKey?
    let current: StaticKey?
}
#endif
