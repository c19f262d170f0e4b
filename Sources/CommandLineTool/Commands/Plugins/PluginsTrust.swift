#if CLI
import ArgumentParser
import ExtensionHooks
import KeyHooks
import PluginHost

/// Lets a plugin run as it is now.
struct PluginsTrust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Let a plugin run as it is now, until anything in its folder changes.",
        discussion: """
            Shows what is trusted and then records it, with the SHA-256 of everything in the folder. Look at the folder \
            first: a plugin can do whatever you can. Exits 1 if there is no such plugin, 2 if it is broken or the \
            decision cannot be kept.

            Example: keyhooks plugins trust acme.vault --config keyhooks.json
            """
    )

    @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
    var id: String

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await reportingErrors {
            let directory = try options.makeDirectory()
            let listing = try directory.listing(of: HookID(id), configured: [])
            guard listing.origin != .builtIn else {
                StandardError.write("plugin '\(id)' is part of the program and needs no trust")
                return
            }
            // What cannot be trusted is not shown as if it were.
            if !options.json, listing.problems.isEmpty { try StandardOutput.write(PluginReport(listing).trustText) }
            let trusted = try directory.trust(HookID(id))
            if !listing.origin.needsTrust {
                StandardError.write(
                    "plugin '\(id)' lies in your own plugins folder: it needs no trust, none is recorded"
                )
            }
            try PluginDecision(options).show(trusted)
        }
    }
}

/// Takes trust back.
struct PluginsUntrust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untrust",
        abstract: "Take trust in a plugin back, wherever it was given.",
        discussion: "The plugin may be gone. Exits 1 if nothing is known of it, 2 if it needs no trust."
    )

    @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
    var id: String

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await PluginDecision(options)
            .make(about: id) { directory, id throws(PluginManagementError) in
                try directory.untrust(id)
            }
    }
}
#endif
