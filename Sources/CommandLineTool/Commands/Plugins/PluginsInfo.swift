#if CLI
import ArgumentParser
import ExtensionHooks
import KeyHooks
import PluginHost

/// Shows one plugin.
struct PluginsInfo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show what a plugin says of itself and everything that is wrong with it.",
        discussion: "Does not run it. Exits 1 if there is no such plugin."
    )

    @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
    var id: String

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await reportingErrors {
            let configuration = try options.makeConfiguration()
            let directory = options.makeDirectory(configuration)
            let listing = try directory.listing(of: HookID(id), configured: configuration.pluginIDs)
            if options.json {
                try StandardOutput.write(json: listing)
            } else {
                try StandardOutput.write(
                    PluginReport(listing, fingerprint: try? directory.fingerprint(of: HookID(id))).text
                )
            }
        }
    }
}
#endif
