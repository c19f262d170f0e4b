#if CLI
import ArgumentParser
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
#endif
