import ExtensionHooks
import KeyHooks

extension PluginInventory {
    /// Makes sure that no plugin is missing that somebody counts on: without it a weaker source would answer.
    ///
    /// Counted on are those that the configuration names, those in the user's own folder, and those that were trusted. One
    /// that the user switched off is not missing, nor is one of a project that was never trusted.
    ///
    /// - Parameter wanted: What the configuration names.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    func checkPresence(of wanted: [HookID]) throws(KeyResolutionError) {
        for id in wanted {
            guard let listing = plugin(id)?.listing, ![.ready, .disabled].contains(listing.status) else { continue }
            throw Self.missing(listing, "the configuration counts on plugin '\(id)', which is")
        }
        for plugin in plugins where plugin.listing.status == .broken || plugin.listing.status == .untrusted {
            let listing = plugin.listing
            let name = listing.id ?? FolderFault.shown(listing.folder)
            if let id = plugin.trustedAs {
                throw Self.missing(listing, "plugin '\(id)' was trusted and is now", switchedOffAs: id)
            }
            if !listing.origin.needsTrust {
                throw Self.missing(listing, "plugin '\(name)' of the user's own folder is")
            }
        }
        try checkShadowed()
    }

    /// One of the user's own must not vanish because a project brings something of the same id that does not run.
    private func checkShadowed() throws(KeyResolutionError) {
        for own in listings where own.status == .shadowed && !own.origin.needsTrust && own.problems.isEmpty {
            guard let id = own.id, let winner = plugin(HookID(id))?.listing,
                winner.folder != own.folder, ![.ready, .disabled].contains(winner.status)
            else { continue }
            let place = FolderFault.shown(winner.folder)
            throw Self.missing(
                winner,
                "plugin '\(id)' of the user's own folder gives way to the one in \(place), which is"
            )
        }
    }

    private static func missing(
        _ listing: PluginListing,
        _ words: String,
        switchedOffAs id: HookID? = nil
    ) -> KeyResolutionError {
        let id = id?.rawValue ?? listing.id
        let off = id.map { "switch it off with 'keyhooks plugins disable \($0)'" } ?? "move its folder away"
        return KeyResolutionError(
            .invalidConfiguration,
            "\(words) \(listing.status.rawValue): \(listing.reason)",
            // Last, since it may end in a command.
            remedy: "\(off), or \(listing.remedy ?? "see why: keyhooks plugins list")"
        )
    }
}
