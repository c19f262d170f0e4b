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
