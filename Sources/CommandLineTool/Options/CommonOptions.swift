#if CLI
import ArgumentParser
import ExtensionHooks
import KeyHooks
import LightFoundation
import OpenBao
import PluginHost

/// The plugins that are part of the tool.
let builtInPlugins: [any KeyPlugin.Type] = [OpenBaoPlugin.self]

/// The options that every command about keys takes.
struct CommonOptions: ParsableArguments {
    @Option(
        name: .customLong("env-file"),
        help: ArgumentHelp(
            "Read this dotenv file instead of the declared ones; repeatable, later files win.",
            discussion: """
                Without it the files of the configuration are read, or .env in the working directory if the \
                configuration declares none. '-' is standard input.
                """,
            valueName: "path"
        )
    )
    var envFiles: [String] = []

    @OptionGroup var files: ConfigurationOptions

    @Flag(help: "Ask no plugin. KEYHOOKS_NO_PLUGINS=1 does the same.")
    var noPlugins = false

    @Flag(help: "Print JSON on standard output.")
    var json = false

    @OptionGroup var scopes: ScopeOptions

    var scope: KeyScope { scopes.scope }

    func makeConfiguration(_ host: PluginHost) throws(KeyResolutionError) -> KeyConfiguration {
        var configuration = try files.makeConfiguration(noPlugins ? [] : [host], hasAll: !noPlugins)
        if !envFiles.isEmpty {
            configuration.envFiles = envFiles.map { EnvironmentFile($0 == "-" ? "/dev/stdin" : $0) }
        }
        return configuration
    }

    /// The plugins that are built in, and those that are dropped in.
    ///
    /// They are recorded if a key is asked for; a command that explains or lists writes nothing.
    func makeHost(isRecording: Bool) -> PluginHost {
        PluginHost(
            builtIn: builtInPlugins,
            // Somebody sits there who can read what a plugin says, and touch or unlock what it waits for.
            isInteractive: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1,
            isRecording: isRecording,
            isErrorInLog: true,
            log: { StandardError.write($0) }
        )
    }

    func makeResolver(_ host: PluginHost? = nil) throws(KeyResolutionError) -> KeyResolver {
        let host = host ?? makeHost(isRecording: false)
        let resolver = try KeyResolver(
            configuration: makeConfiguration(host),
            plugins: [host],
            isUsingPlugins: noPlugins ? false : nil,
            onWarning: { StandardError.write("warning: \($0)") }
        )
        // Never taken apart: the process ends with it, and sooner.
        _ = Unmanaged.passRetained(resolver)
        return resolver
    }
}
#endif
