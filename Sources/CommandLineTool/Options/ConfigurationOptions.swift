#if CLI
import ArgumentParser
import ExtensionHooks
import KeyHooks
import PluginHost

/// The options that every command but `trust` and `new` takes: which configuration counts, and how to answer.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read this configuration. KEYHOOKS_CONFIG names one too, by its absolute path.",
            discussion: """
                Without either, keyhooks.json in the working directory is read, which you have to trust first (keyhooks \
                trust), or else the one in your own configuration folder.
                """,
            valueName: "path"
        )
    )
    var config: String?

    @Flag(
        help: ArgumentHelp(
            "Ignore keyhooks.json and .env in the working directory.",
            discussion: "For commands that are started in folders you don't know, such as an agent's key helper."
        )
    )
    var userConfig = false

    @Flag(help: "Switch all plugins off. KEYHOOKS_NO_PLUGINS=1 does the same.")
    var noPlugins = false

    @Flag(help: "Print JSON on standard output.")
    var json = false

    /// The configuration that the options name, or that is found.
    ///
    /// - Parameters:
    ///   - plugins: Who looks at sections of plugins where other things are wrong; without a value the plugins that are
    ///     part of the tool.
    ///   - hasAll: Whether these are all plugins that there can be, so that any other is a mistake.
    /// - Returns: The configuration.
    /// - Throws: A `KeyResolutionError` that lists all mistakes.
    func makeConfiguration(
        _ plugins: [any PluginSource] = builtInPlugins.map { $0.plugin },
        hasAll: Bool = false
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let reading = ConfigurationReading(
            defaultFile: userConfig ? nil : ".env",
            plugins: plugins,
            hasAllPlugins: hasAll
        )
        guard let config else { return try .discover(in: userConfig ? nil : ".", reading) }
        return try .read(from: config, reading)
    }

    /// The configuration for a decision about a plugin, which must be possible where that of a folder isn't obeyed.
    ///
    /// - Returns: The configuration, and whether what is in the working directory is in it.
    func makeConfigurationToDecide() throws(KeyResolutionError) -> (configuration: KeyConfiguration, isWhole: Bool) {
        do {
            return (try makeConfiguration(), true)
        } catch {
            guard config == nil, !userConfig else { throw error }
            // If that fails as well it isn't the fault of the folder.
            let own = try KeyConfiguration.discover(in: nil)
            StandardError.write("warning: \(error.message). This command goes on without looking at it")
            return (own, false)
        }
    }

    func makeDirectory(_ configuration: KeyConfiguration) -> PluginDirectory {
        var path = PluginSearchPath(declared: configuration.pluginPath)
        if noPlugins { path.isSwitchedOff = true }
        return PluginDirectory(searchPath: path, store: TrustStore(), builtIn: builtInPlugins.map { $0.id })
    }

    /// Refuses to go on where plugins are switched off.
    ///
    /// - Parameters:
    ///   - system: What is asked by the plugin.
    ///   - environment: The process environment.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    func requirePlugins(_ system: String, in environment: [String: String]) throws(KeyResolutionError) {
        guard !noPlugins, !switchesPluginsOff(environment) else {
            throw .invalidConfiguration(
                "plugins are switched off, and \(system) with them",
                remedy: "leave out --no-plugins, and unset KEYHOOKS_NO_PLUGINS"
            )
        }
    }
}
#endif
