#if CLI
import ArgumentParser
import KeyHooks

/// The options that say which configuration counts.
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
}
#endif
