#if CLI
import ArgumentParser
import ExtensionHooks
import KeyHooks
import PluginHost

extension PluginsCommand {
    /// Lets a plugin run as it is now.
    struct Trust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "trust",
            abstract: "Let a plugin run as it is now, until anything in its folder changes.",
            discussion: """
                Shows what is trusted and then records it, with the SHA-256 of everything in the folder. Look at the folder \
                first: a plugin can do whatever you can. A plugin in your own folder needs no trust, but may ask for the \
                values of keys at the end of calls, which --grant-values grants it. Exits 1 if there is no such plugin, 2 if it is broken or the \
                decision cannot be kept.

                Example: keyhooks plugins trust acme.vault --config keyhooks.json
                """
        )

        @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
        var id: String

        @Option(
            name: .customLong("sha256"),
            help: ArgumentHelp("Trust it only if this is its fingerprint, as 'info' shows it.", valueName: "digits")
        )
        var fingerprint: String?

        @Flag(help: "Let its end hooks that ask for the values of keys see them.")
        var grantValues = false

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            guard let fingerprint else { return }
            guard fingerprint.utf8.count == 64, fingerprint.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
                throw ValidationError(
                    "what --sha256 gives is no fingerprint: one is 64 hexadecimal digits, as the line 'sha256' of "
                        + "'keyhooks plugins info' shows them"
                )
            }
        }

        func run() async throws {
            try await reportingErrors {
                let directory = try options.makeDirectory()
                let listing = try directory.listing(of: PluginID(id), configured: [])
                guard listing.origin != .builtIn else {
                    StandardError.write("plugin '\(id)' is part of the program and needs no trust")
                    return
                }
                // What is shown is what is trusted, whatever happens to the folder meanwhile.
                let shown = try directory.fingerprint(of: PluginID(id))
                let trusted = try directory.trust(
                    PluginID(id),
                    fingerprint: fingerprint ?? shown,
                    grantingValues: grantValues
                )
                let isRecorded = listing.origin.needsTrust || grantValues
                if !options.json, isRecorded {
                    try StandardOutput.write(PluginReport(trusted, fingerprint: shown).trustText)
                }
                if !isRecorded {
                    StandardError.write(
                        "plugin '\(id)' is in your own plugins folder: it needs no trust; nothing was recorded"
                    )
                }
                try options.show(trusted)
            }
        }
    }
}

extension PluginsCommand {
    /// Takes trust back.
    struct Untrust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "untrust",
            abstract: "Stop trusting a plugin, wherever you trusted it.",
            discussion: "The plugin may be gone. Exits 1 if nothing is known of it, 2 if it needs no trust."
        )

        @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
        var id: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await PluginDecision.untrust.apply(to: id, options)
        }
    }
}
#endif
