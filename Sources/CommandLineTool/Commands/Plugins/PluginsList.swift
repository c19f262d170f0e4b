#if CLI
import ArgumentParser
import Foundation
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
            for doubt in inventory.doubts + entries { StandardError.write("warning: \(doubt)") }
            let listings = directory.builtInListings(configured: configuration.pluginIDs) + inventory.listings
            if options.json {
                try StandardOutput.write(json: listings)
            } else {
                try StandardOutput.write(PluginTable(listings).text)
            }
        }
    }
}
#endif
