#if CLI
import ArgumentParser
import ExtensionHooks
import JSON5Syntax
import KeyHooks
import PluginHost

/// A decision of the user about a plugin, and how the plugin stands after it.
enum PluginDecision {
    case enable
    case disable
    case untrust

    func make(about name: String, _ options: PluginOptions) async throws {
        try await reportingErrors {
            let (configuration, isWhole) = try options.makeConfigurationToDecide()
            let directory = options.makeDirectory(configuration)
            let id = HookID(name)
            // Trust that is taken back no longer says where the plugin was.
            let before = (try? directory.store?.read()) ?? TrustDecisions()
            try record(id, in: directory, isWhole: isWhole)
            let inventory = directory.inventory()
            if let listing = directory.builtInListings(configured: configuration.pluginIDs)
                .first(where: { $0.id == id.rawValue }) ?? inventory.plugin(id)?.listing
            {
                try options.show(listing)
            } else if let listing = inventory.listings.first(where: { $0.isNameless(of: id, before) }) {
                try show(listing, of: id, isOff: try directory.disabled().contains(id), options)
            } else {
                StandardError.write("\(absentText(name)); it isn't in any folder that is searched now")
            }
        }
    }

    private func record(_ id: HookID, in directory: PluginDirectory, isWhole: Bool) throws {
        switch self {
        case .enable: try directory.enable(id)
        case .untrust: try directory.untrust(id)
        case .disable:
            do throws(PluginManagementError) {
                try directory.disable(id)
            } catch {
                // The plugin may be one of the project's, whose configuration says where it lies.
                guard !isWhole, [.unknownPlugin, .unusablePlugin].contains(error.kind), id.isPluginID,
                    let store = directory.store
                else {
                    throw error
                }
                do throws(FileFault) {
                    try store.update { $0.disabled = Set($0.disabled + [id.rawValue]).sorted() }
                } catch {
                    throw PluginManagementError(.storeUnusable, error.reason, remedy: error.remedy)
                }
            }
        }
    }

    /// Shows how a plugin stands whose manifest doesn't say that it is the one.
    private func show(_ listing: PluginListing, of id: HookID, isOff: Bool, _ options: PluginOptions) throws {
        guard !options.json else { return try StandardOutput.write(json: listing) }
        let status = isOff ? PluginListing.Status.disabled : listing.status
        let reason = isOff ? "switched off; its manifest can't be read" : displayText(listing.reason, limit: 8192)
        var text = "\(id)  \(status.rawValue)  \(listing.origin.words)  \(reason)\n"
        if !isOff, let remedy = listing.remedy { text += "  -> \(displayText(remedy, limit: 8192))\n" }
        try StandardOutput.write(text)
    }

    private func absentText(_ name: String) -> String {
        let name = displayText(name)
        return switch self {
        case .enable: "'\(name)' is switched on again"
        case .disable: "'\(name)' is switched off"
        case .untrust: "Trust in '\(name)' is taken back"
        }
    }
}

extension PluginOptions {
    /// Shows how a plugin stands now.
    func show(_ listing: PluginListing) throws {
        if json {
            try StandardOutput.write(json: listing)
        } else {
            try StandardOutput.write(PluginTable([listing]).text)
        }
    }
}

extension PluginListing {
    /// Whether this is a plugin without an id that can be read, in a folder that is known as that of a plugin.
    fileprivate func isNameless(of plugin: HookID, _ decisions: TrustDecisions) -> Bool {
        guard id == nil else { return false }
        let known = decisions.id(in: FilePath(folder))
        return known.map { $0 == plugin.rawValue } ?? folder.hasSuffix("/\(plugin.rawValue)")
    }
}

extension HookID {
    /// Whether a plugin may be called so.
    fileprivate var isPluginID: Bool { isWellFormed && plugin == rawValue && rawValue.utf8.count <= 64 }
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
