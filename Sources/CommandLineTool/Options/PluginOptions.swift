#if CLI
import ArgumentParser
import ExtensionHooks
import KeyHooks
import OpenBao
import PluginHost

/// The common options that mean something to a command about plugins.
struct PluginOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read this configuration instead of keyhooks.json here or in the user's configuration folder.",
            discussion: "Its pluginPath says in which folders plugins are looked for.",
            valueName: "path"
        )
    )
    var config: String?

    @Flag(help: "Count all plugins as switched off. KEYHOOKS_NO_PLUGINS=1 does the same.")
    var noPlugins = false

    @Flag(help: "Print JSON on standard output.")
    var json = false

    func makeConfiguration() throws(KeyResolutionError) -> KeyConfiguration {
        if let config { return try .read(from: config) }
        return try .discover()
    }

    func makeDirectory(_ configuration: KeyConfiguration) -> PluginDirectory {
        var path = PluginSearchPath(declared: configuration.pluginPath)
        if noPlugins { path.isSwitchedOff = true }
        return PluginDirectory(searchPath: path, store: TrustStore(), builtIn: [OpenBaoPlugin.id])
    }

    func makeDirectory() throws(KeyResolutionError) -> PluginDirectory {
        makeDirectory(try makeConfiguration())
    }
}
#endif
