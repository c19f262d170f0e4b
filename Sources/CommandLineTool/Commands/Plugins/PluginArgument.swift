#if CLI
import ArgumentParser
import ExtensionHooks
import Foundation
import JSON5Syntax
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

    @Flag(help: "Show every line the plugin writes, on standard output and standard error, keys included.")
    var showOutput = false

    /// What was typed, as a command that shows everything that the plugin writes.
    var commandShowingOutput: String {
        let words =
            CommandLine.arguments.dropFirst().map { FileFault.shellWord($0) } + (showOutput ? [] : ["--show-output"])
        return (["keyhooks"] + words).joined(separator: " ")
    }

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
        let given = DiscoveredPlugin.usualVariables + (withEnvironment ? asked : [])
        StandardError.write(
            "runs \(displayText(words.joined(separator: " "), limit: 8192)) with the variables "
                + displayText(given.joined(separator: ", "), limit: 8192)
        )
        guard !asked.isEmpty, !withEnvironment else { return Choice(plugin: plugin, environment: environment) }
        StandardError.write(
            "its manifest asks for more, which is withheld: \(displayText(asked.joined(separator: ", "), limit: 8192)). "
                + "To pass that on: --with-environment"
        )
        return Choice(plugin: plugin, environment: environment.filter { !asked.contains($0.key) })
    }

    private func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// An id is never taken for a folder of the working directory, which may be anybody's.
    private func folder(in directory: PluginDirectory, command: String) throws(PluginManagementError) -> String {
        guard !plugin.contains("/") else {
            let parts = plugin.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.last == Substring(PluginManifest.fileName), isFile(plugin) else { return plugin }
            let folder = parts.dropLast().joined(separator: "/")
            throw PluginManagementError(
                .unknownPlugin,
                "\(FileFault.shown(plugin)) is a manifest, and a plugin is a folder",
                remedy: "name its folder: \(FileFault.quoted(folder.isEmpty ? "/" : folder))"
            )
        }
        let id = HookID(plugin)
        guard !directory.builtIn.contains(id) else {
            throw PluginManagementError(
                .unusablePlugin,
                "plugin '\(plugin)' is part of the program, which does not run it as a process",
                remedy: "name one that is dropped in; see them: keyhooks plugins list"
            )
        }
        do throws(PluginManagementError) {
            return try directory.installed(id).listing.folder
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
