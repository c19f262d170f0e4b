#if CLI
import ExtensionHooks
import KeyHooks
import PluginHost

/// A decision of the user about a plugin, and how the plugin stands after it.
struct PluginDecision {
    private let options: PluginOptions

    init(_ options: PluginOptions) {
        self.options = options
    }

    func make(
        about name: String,
        _ decide: (PluginDirectory, HookID) throws(PluginManagementError) -> Void
    ) async throws {
        try await reportingErrors {
            let configuration = try options.makeConfiguration()
            let directory = options.makeDirectory(configuration)
            let id = HookID(name)
            try decide(directory, id)
            let listing: PluginListing
            do {
                listing = try directory.listing(of: id, configured: configuration.pluginIDs)
            } catch let error as PluginManagementError where error.kind == .unknownPlugin {
                StandardError.write("plugin '\(displayText(name))' is not there; the decision is kept")
                return
            }
            try show(listing)
        }
    }

    /// Shows how a plugin stands now.
    func show(_ listing: PluginListing) throws {
        if options.json {
            try StandardOutput.write(json: listing)
        } else {
            try StandardOutput.write(PluginTable([listing]).text)
        }
    }
}

extension PluginDirectory {
    /// The plugin that an id means.
    func listing(
        of id: HookID,
        configured: some Collection<HookID>
    ) throws(PluginManagementError) -> PluginListing {
        if let listing = builtInListings(configured: configured).first(where: { $0.id == id.rawValue }) {
            return listing
        }
        return try plugin(id).listing
    }
}
#endif
