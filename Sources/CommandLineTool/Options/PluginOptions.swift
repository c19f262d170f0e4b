#if CLI
import ArgumentParser
import ExtensionHooks
import KeyHooks
import PluginHost

/// The common options that mean something to a command about plugins.
struct PluginOptions: ParsableArguments {
    @OptionGroup var files: ConfigurationOptions

    @Flag(help: "Count all plugins as switched off. KEYHOOKS_NO_PLUGINS=1 does the same.")
    var noPlugins = false

    @Flag(help: "Print JSON on standard output.")
    var json = false

    func makeConfiguration() throws(KeyResolutionError) -> KeyConfiguration { try files.makeConfiguration() }

    /// The configuration for a decision about a plugin, which must be possible where that of a folder isn't obeyed.
    ///
    /// - Returns: The configuration, and whether what is in the working directory is in it.
    func makeConfigurationToDecide() throws(KeyResolutionError) -> (configuration: KeyConfiguration, isWhole: Bool) {
        do {
            return (try makeConfiguration(), true)
        } catch {
            guard files.config == nil, !files.userConfig else { throw error }
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

    func makeDirectory() throws(KeyResolutionError) -> PluginDirectory {
        makeDirectory(try makeConfiguration())
    }
}
#endif
