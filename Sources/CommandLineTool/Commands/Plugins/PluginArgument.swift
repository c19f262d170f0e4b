#if CLI
import ArgumentParser
import ExtensionHooks
import Foundation
import KeyHooks
import PluginHost

/// The plugin that is to be run for its author, and what it may see.
struct PluginArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The id of an installed plugin, or with a '/' in it the folder that holds plugin.json.",
            valueName: "path|id"
        )
    )
    var plugin: String

    @Flag(help: "Give a plugin outside of your own plugins folder the variables that its manifest asks for.")
    var withEnvironment = false

    @Flag(help: "Show every line that the plugin writes on standard error, as it is: with keys in it.")
    var showOutput = false

    /// Where everything goes that the plugin writes; nil if nobody asked for it.
    var output: (@Sendable (String) -> Void)? {
        guard showOutput else { return nil }
        return { StandardError.write($0) }
    }

    /// What was chosen: a plugin with the variables it is run with.
    struct Choice {
        let plugin: DiscoveredPlugin
        let environment: [String: String]
    }

    /// Finds the plugin, and says what will be run and what it gets to see, unless it is the user's own.
    func choose(in directory: PluginDirectory, command: String) throws(PluginManagementError) -> Choice {
        let plugin = try DiscoveredPlugin.inspect(try folder(in: directory, command: command))
        let environment = ProcessInfo.processInfo.environment
        if showOutput { StandardError.write("warning: what the plugin writes is shown as it is, keys included") }
        guard !plugin.isOwn(environment), let words = plugin.command else {
            return Choice(plugin: plugin, environment: environment)
        }
        let asked = plugin.askedVariables
        StandardError.write("runs \(displayText(words.joined(separator: " "), limit: 8192))")
        guard !asked.isEmpty else { return Choice(plugin: plugin, environment: environment) }
        let names = displayText(asked.joined(separator: ", "), limit: 8192)
        if withEnvironment {
            StandardError.write("it gets the variables that its manifest asks for: \(names)")
            return Choice(plugin: plugin, environment: environment)
        }
        StandardError.write(
            "its manifest asks for variables, and they are withheld: \(names). To pass them on: --with-environment"
        )
        return Choice(plugin: plugin, environment: environment.filter { !asked.contains($0.key) })
    }

    /// An id is never taken for a folder of the working directory, which may be anybody's.
    private func folder(in directory: PluginDirectory, command: String) throws(PluginManagementError) -> String {
        guard !plugin.contains("/") else { return plugin }
        let id = HookID(plugin)
        guard !directory.builtIn.contains(id) else {
            throw PluginManagementError(
                .unusablePlugin,
                "plugin '\(plugin)' is part of the program and speaks no protocol",
                remedy: "name one that is dropped in; see them: keyhooks plugins list"
            )
        }
        do throws(PluginManagementError) {
            return try directory.plugin(id).listing.folder
        } catch {
            guard error.kind == .unknownPlugin, FileManager.default.fileExists(atPath: plugin) else { throw error }
            throw PluginManagementError(
                .unknownPlugin,
                "there is no plugin '\(displayText(plugin))', and a folder is named with a '/'",
                remedy: "if you mean the folder: keyhooks plugins \(command) \(plugin == "." ? "./" : "./\(plugin)")"
            )
        }
    }
}
#endif
