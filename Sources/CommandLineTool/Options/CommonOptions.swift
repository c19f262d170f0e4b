#if CLI
import ArgumentParser
import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao

/// The options that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        name: .customLong("env-file"),
        help: ArgumentHelp(
            "Read this dotenv file instead of the declared ones; repeatable, later files win.",
            discussion: "Without it the files of the configuration are read, or .env if there is no configuration.",
            valueName: "path"
        )
    )
    var envFiles: [String] = []

    @Option(
        help: ArgumentHelp(
            "Read this configuration instead of keyhooks.json here or in the user's configuration folder.",
            valueName: "path"
        )
    )
    var config: String?

    @Flag(help: "Ask no plugin. KEYHOOKS_NO_PLUGINS=1 does the same.")
    var noPlugins = false

    @Flag(help: "Print JSON on standard output.")
    var json = false

    @Option(help: ArgumentHelp("The profile for which keys are wanted.", valueName: "name"))
    var profile: String?

    @Option(help: ArgumentHelp("The project for which keys are wanted.", valueName: "name"))
    var project: String?

    @Option(help: ArgumentHelp("The tenant for which keys are wanted.", valueName: "name"))
    var tenant: String?

    @Option(help: ArgumentHelp("What keys are wanted for, such as embedding.", valueName: "name"))
    var purpose: String?

    var scope: KeyScope { KeyScope(profile: profile, project: project, tenant: tenant, purpose: purpose) }

    func makeResolver() throws(KeyResolutionError) -> KeyResolver {
        var configuration: KeyConfiguration
        if let config {
            configuration = try .read(from: config)
        } else {
            configuration = try .discover()
        }
        if !envFiles.isEmpty { configuration.envFiles = envFiles.map { EnvironmentFile($0) } }
        return try KeyResolver(
            configuration: configuration,
            registry: registry(for: configuration),
            isUsingPlugins: noPlugins ? false : nil,
            onWarning: { StandardError.write("warning: \($0)") }
        )
    }

    /// The plugins that are built in and have a section.
    private func registry(for configuration: KeyConfiguration) throws(KeyResolutionError) -> HookRegistry {
        let registry = HookRegistry()
        // The section of a plugin that is switched off need not even be right.
        if noPlugins || ProcessInfo.processInfo.environment["KEYHOOKS_NO_PLUGINS"] == "1" { return registry }
        guard let plugin = try OpenBaoPlugin(configuration) else { return registry }
        do {
            try plugin.register(in: registry)
        } catch {
            throw KeyResolutionError(
                .invalidConfiguration,
                "the plugin openbao cannot be registered (\(valueFreeDescription(of: error)))",
                remedy: "report it"
            )
        }
        return registry
    }
}
#endif
