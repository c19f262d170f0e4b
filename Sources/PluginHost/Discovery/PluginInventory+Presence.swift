import ExtensionHooks
import KeyHooks

extension PluginInventory {
    /// Makes sure that no plugin is missing that somebody counts on: without it a weaker source would answer.
    ///
    /// Counted on are those that the configuration names, those in the user's own folder, and those that were trusted and
    /// whose folder belongs to a search folder of this run. One that the user switched off is not missing, nor is one of a
    /// project that was never trusted.
    ///
    /// - Parameter wanted: What the configuration names.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    func checkPresence(of wanted: [HookID]) throws(KeyResolutionError) {
        for id in wanted {
            guard let listing = plugin(id)?.listing, ![.ready, .disabled].contains(listing.status) else { continue }
            throw Self.missing(listing, "the configuration counts on plugin '\(id)', which is")
        }
        try checkOwn()
        try checkTrusted()
    }

    /// The user's own plugins count whatever is wrong with them, and so does the folder that they are in.
    private func checkOwn() throws(KeyResolutionError) {
        for folder in searched where folder.folder.origin == .user {
            guard let doubt = folder.doubt else { continue }
            throw KeyResolutionError(
                .invalidConfiguration,
                doubt,
                remedy: "see who may read it, or what it should lead to: "
                    + "ls -ld \(FileFault.quoted(folder.folder.path))"
            )
        }
        for plugin in plugins where !plugin.listing.origin.needsTrust {
            let listing = plugin.listing
            guard !listing.problems.isEmpty, listing.status != .disabled else { continue }
            let known = listing.id ?? decisions.id(in: plugin.folder)
            // Switching one off that is shadowed would switch off the one that shadows it.
            guard let id = known, listing.status != .shadowed else {
                throw Self.broken(listing, "\(plugin.folder), in the user's own plugins folder, is broken")
            }
            guard !decisions.disabled.contains(id) else { continue }
            throw Self.broken(listing, "plugin '\(id)' of the user's own folder is broken", switchedOffAs: id)
        }
    }

    /// A plugin that was trusted must be where it was, or the user says that it is not to be counted on.
    private func checkTrusted() throws(KeyResolutionError) {
        let places = searched.reduce(into: Set<FilePath>()) { $0.formUnion($1.places) }
        for record in decisions.trusted where !decisions.disabled.contains(record.id) {
            let folder = FilePath(record.folder)
            guard places.contains(folder.folder) else { continue }
            let found = plugins.first { $0.folder == folder }
            if let listing = found?.listing {
                // Shadowed, it stays out of the way of the one that was meant.
                guard listing.status == .broken || listing.status == .untrusted || listing.id != record.id else {
                    continue
                }
                throw Self.missing(
                    listing,
                    "plugin '\(record.id)' was trusted and is now",
                    switchedOffAs: record.id
                )
            }
            throw KeyResolutionError(
                .invalidConfiguration,
                "plugin '\(record.id)' was trusted and is gone: there is no plugin in \(folder)",
                remedy: "put it back, switch it off with 'keyhooks plugins disable \(record.id)', "
                    + "or take the trust back: keyhooks plugins untrust \(record.id)"
            )
        }
    }

    /// Makes sure that a reload loses no plugin that ran before, unless the user decided so.
    ///
    /// - Parameters:
    ///   - running: The plugins that ran before, with their folders.
    ///   - isForgettable: Whether what the user forgets is known, since what runs was recorded.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    func checkKept(_ running: [(id: HookID, folder: FilePath)], isForgettable: Bool) throws(KeyResolutionError) {
        for (id, folder) in running where ownPlaces.contains(folder.folder) && plugin(id) == nil {
            guard !decisions.disabled.contains(id.rawValue) else { continue }
            let isSeen = decisions.seen.contains { $0.id == id.rawValue }
            guard isSeen || !isForgettable else { continue }
            throw KeyResolutionError(
                .invalidConfiguration,
                Self.gone(id.rawValue, folder),
                remedy: "put it back, switch it off with 'keyhooks plugins disable \(id)', "
                    + "or say that it is not missed: keyhooks plugins forget \(id)"
            )
        }
    }

    /// What is odd about the folders that were searched: which cannot be, and which own plugins went.
    ///
    /// Each is a line for people.
    package var doubts: [String] {
        searched.compactMap(\.doubt)
            + decisions.seen.filter { plugin(HookID($0.id)) == nil && !decisions.disabled.contains($0.id) }
            .filter { ownPlaces.contains(FilePath($0.folder).folder) }
            .map { seen in
                Self.gone(seen.id, FilePath(seen.folder))
                    + ", so other sources answer. Put it back, or say that it is not missed: "
                    + "keyhooks plugins forget \(seen.id)"
            }
    }

    private var ownPlaces: Set<FilePath> {
        searched.filter { $0.folder.origin == .user }.reduce(into: []) { $0.formUnion($1.places) }
    }

    private static func gone(_ id: String, _ folder: FilePath) -> String {
        "plugin '\(displayText(id))' of the user's own folder is gone: there is nothing left in \(folder)"
    }

    private static func broken(
        _ listing: PluginListing,
        _ words: String,
        switchedOffAs id: String? = nil
    ) -> KeyResolutionError {
        let more = listing.problems.count > 1 ? " (and \(listing.problems.count - 1) more)" : ""
        let problem = listing.problems[0]
        return error("\(words): \(problem.reason)\(more)", remedy: problem.remedy, switchedOffAs: id)
    }

    private static func missing(
        _ listing: PluginListing,
        _ words: String,
        switchedOffAs id: String? = nil
    ) -> KeyResolutionError {
        error(
            "\(words) \(listing.status.rawValue): \(listing.reason)",
            remedy: listing.remedy ?? "see why: keyhooks plugins list",
            switchedOffAs: id ?? listing.id
        )
    }

    private static func error(_ message: String, remedy: String, switchedOffAs id: String?) -> KeyResolutionError {
        let off = id.map { "switch it off with 'keyhooks plugins disable \($0)'" } ?? "move its folder away"
        // The usual remedy stands last, since it may end in a command.
        return KeyResolutionError(.invalidConfiguration, message, remedy: "\(off), or \(remedy)")
    }
}
