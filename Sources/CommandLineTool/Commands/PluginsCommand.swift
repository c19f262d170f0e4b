#if CLI
import ArgumentParser
import ExtensionHooks
import JSON5Syntax
import LightFoundation
import KeyHooks
import PluginHost

/// What there is to do about plugins.
struct PluginsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins",
        abstract: "Show the plugins that are found, and decide which of them run.",
        discussion: """
            A plugin is a folder with a plugin.json. It is looked for in 'plugins' in your own configuration folder, then in \
            the folders of KEYHOOKS_PLUGIN_PATH, then in those that the configuration names in pluginPath. One that isn't \
            in your own folder runs only after it was trusted.

            Exit status: 0 done, 1 no such plugin, 2 it cannot be done, 64 wrong usage, 78 wrong configuration; 'try' has \
            those of 'get'.
            """,
        subcommands: [
            List.self, Info.self, Trust.self, Untrust.self, Enable.self,
            Disable.self, Forget.self, Check.self, Try.self, New.self,
        ]
    )
}

extension PluginsCommand {
    /// Lists the plugins and whether they run.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the plugins, whether they run, and what to do about those that do not.",
            discussion: "Runs none of them. Exits 0 whatever is listed."
        )

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try options.makeConfiguration()
            let directory = options.makeDirectory(configuration)
            let inventory = directory.inventory()
            let environment = ProcessInfo.processInfo.environment
            let entries = inventory.plugins.compactMap { plugin in
                plugin.warningAboutEntry(environment)
                    .map { "plugin '\(plugin.listing.id?.rawValue ?? "")' cannot be started: \($0)" }
            }
            let missing = inventory.missing(from: configuration, besides: directory.builtIn)
            for warning in inventory.warnings + entries + missing { StandardError.write("warning: \(warning)") }
            let listings = directory.builtInListings(configured: configuration.pluginIDs) + inventory.listings
            try StandardOutput.write(listings, asJSON: options.json, text: TextTable(listings).text)
        }
    }

    /// Shows one plugin.
    struct Info: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "Show what a plugin says of itself and everything that is wrong with it.",
            discussion: "Does not run it. Exits 1 if there is no such plugin."
        )

        @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
        var id: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try options.makeConfiguration()
            let directory = options.makeDirectory(configuration)
            let listing = try directory.listing(of: PluginID(id), configured: configuration.pluginIDs)
            for warning in directory.inventory().missing(from: configuration, besides: directory.builtIn) {
                StandardError.write("warning: \(warning)")
            }
            let fingerprint = try? directory.fingerprint(of: PluginID(id))
            let report = PluginReport(listing: listing, fingerprint: fingerprint)
            try StandardOutput.write(listing, asJSON: options.json, text: report.text)
        }
    }
}

extension PluginInventory {
    /// The plugins that the configuration counts on and that nobody installed: they have nothing that could be listed.
    fileprivate func missing(from configuration: KeyConfiguration, besides builtIn: [PluginID]) -> [String] {
        let known = Set((builtIn + listings.compactMap(\.id)).map(\.rawValue))
        // One whose manifest can't be read is listed by its folder.
        let present = known.union(listings.map { FilePath($0.folder).name })
        return Set(configuration.wantedPlugins.map(\.rawValue)).subtracting(present).sorted()
            .map { id in
                let question = closestMatch(to: id, among: known.sorted()).map { " Did you mean '\($0)'?" } ?? ""
                return
                    "the configuration counts on plugin '\(displayText(id))', which isn't installed, so 'keyhooks get' "
                    + "fails. Install it, or take it out of the configuration.\(question)"
            }
    }
}

extension PluginDirectory {
    /// The plugin that an id means.
    func listing(
        of id: PluginID,
        configured: some Collection<PluginID>
    ) throws(PluginManagementError) -> PluginListing {
        if let listing = builtInListings(configured: configured).first(where: { $0.id == id }) {
            return listing
        }
        return try plugin(id).listing
    }
}
#endif
