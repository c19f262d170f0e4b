#if CLI
import ArgumentParser
import ExtensionHooks
import JSON5Syntax
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
        try await PluginDecision.enable.make(about: id, options)
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
        try await PluginDecision.disable.make(about: id, options)
    }
}

/// Ends the warnings about a plugin that was removed.
struct PluginsForget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Stop warning about a plugin of yours whose folder you removed.",
        discussion: "Exits 1 if no such plugin is missing, 2 if it is still there or part of the program."
    )

    @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
    var id: String

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await reportingErrors {
            let directory = options.makeDirectory(try options.makeConfigurationToDecide().configuration)
            do throws(PluginManagementError) {
                try directory.forget(HookID(id))
            } catch {
                guard error.kind == .unknownPlugin else { throw error }
                throw refusal(directory, error)
            }
            StandardError.write("plugin '\(displayText(id))' is forgotten; you won't be warned about it again")
        }
    }

    private func refusal(_ directory: PluginDirectory, _ error: PluginManagementError) -> PluginManagementError {
        guard directory.builtIn.contains(HookID(id)) else {
            return PluginManagementError(
                error.kind,
                "no plugin '\(displayText(id))' is missing",
                remedy: error.remedy
            )
        }
        return PluginManagementError(
            .unusablePlugin,
            "plugin '\(id)' is part of the program, so it can't be missing",
            remedy: "switch it off: keyhooks plugins disable \(id)"
        )
    }
}
#endif
