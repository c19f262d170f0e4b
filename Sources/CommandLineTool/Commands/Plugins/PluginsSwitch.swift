#if CLI
import ArgumentParser
import ExtensionHooks
import KeyHooks
import PluginHost

/// Switches a plugin on.
struct PluginsEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Switch a plugin on again; it must still be trusted to run.",
        discussion: "The plugin may be gone. Exits 1 if nothing is known of it."
    )

    @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
    var id: String

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await PluginDecision(options)
            .make(about: id) { directory, id throws(PluginManagementError) in
                try directory.enable(id)
            }
    }
}

/// Switches a plugin off.
struct PluginsDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Switch a plugin off, wherever it is found, also one that is part of the program.",
        discussion: "Exits 1 if there is no such plugin."
    )

    @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
    var id: String

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await PluginDecision(options)
            .make(about: id) { directory, id throws(PluginManagementError) in
                try directory.disable(id)
            }
    }
}

/// Stops missing a plugin that went.
struct PluginsForget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Stop missing a plugin of your own whose folder you took away.",
        discussion: "Exits 1 if no such plugin is missed, 2 if it is still there."
    )

    @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
    var id: String

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await reportingErrors {
            try options.makeDirectory().forget(HookID(id))
            StandardError.write("plugin '\(displayText(id))' is forgotten: nobody misses it any more")
        }
    }
}
#endif
