#if CLI
import ArgumentParser
import ExtensionHooks
import Foundation
import JSON5Syntax
import KeyHooks
import PluginHost

/// Lists the plugins and whether they run.
struct PluginsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the plugins, whether they run, and what to do about those that do not.",
        discussion: "Runs none of them. Exits 0 whatever is listed."
    )

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await reportingErrors {
            let configuration = try options.makeConfiguration()
            let directory = options.makeDirectory(configuration)
            let inventory = directory.inventory()
            let environment = ProcessInfo.processInfo.environment
            let entries = inventory.plugins.compactMap { plugin in
                plugin.doubtAboutEntry(environment)
                    .map { "plugin '\(plugin.listing.id ?? "")' cannot be started: \($0)" }
            }
            let missing = Self.missing(from: inventory, directory.builtIn, configuration)
            for doubt in inventory.doubts + entries + missing { StandardError.write("warning: \(doubt)") }
            let listings = directory.builtInListings(configured: configuration.pluginIDs) + inventory.listings
            if options.json {
                try StandardOutput.write(json: listings)
            } else {
                try StandardOutput.write(PluginTable(listings).text)
            }
        }
    }

    /// The plugins that the configuration counts on and that nobody installed: they have nothing that could be listed.
    private static func missing(
        from inventory: PluginInventory,
        _ builtIn: [HookID],
        _ configuration: KeyConfiguration
    ) -> [String] {
        let known = Set(builtIn.map(\.rawValue) + inventory.listings.compactMap(\.id))
        // One whose manifest can't be read is listed by its folder.
        let present = known.union(inventory.listings.map { FilePath($0.folder).name })
        return Set(configuration.wantedPlugins.map(\.plugin)).subtracting(present).sorted()
            .map { id in
                let question = closestMatch(to: id, among: known.sorted()).map { " Did you mean '\($0)'?" } ?? ""
                return
                    "the configuration counts on plugin '\(displayText(id))', which isn't installed, so 'keyhooks get' "
                    + "fails. Install it, or take it out of the configuration.\(question)"
            }
    }
}
#endif
