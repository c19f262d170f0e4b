import JSON5Syntax
import KeyHooks

/// All plugins that were found, those that do not run among them.
package struct PluginInventory: Sendable {
    /// A folder that was searched.
    package struct Searched: Sendable {
        /// The folder as it was named.
        package let folder: PluginSearchPath.Folder

        /// Why it could not be searched; nil if it was, or is the user's own and does not exist.
        package let problem: String?

        /// Where the folder is or should be: without links, with its name's last part as it stands, which may be a link
        /// in the place of a folder, and as it was named.
        let places: Set<FilePath>

        /// One line that says what could not be searched and why; nil if it was.
        package var warning: String? {
            problem.map { "the plugin folder \(FileFault.shown(folder.path)) can't be searched: \($0)" }
        }
    }

    /// The plugins in search order, and within a folder by the names of their folders.
    package let plugins: [DiscoveredPlugin]

    /// The folders that were searched.
    package let searched: [Searched]

    /// What the user decided; nothing if that can't be read, and then no plugin runs.
    let decisions: TrustDecisions

    /// The plugins as they are listed, in the same order.
    package var listings: [PluginListing] { plugins.map(\.listing) }

    /// The plugins that run.
    package var ready: [DiscoveredPlugin] { plugins.filter { $0.listing.status == .ready } }

    /// The plugin that an id means: the first one in search order.
    ///
    /// - Parameter id: The id.
    /// - Returns: The plugin, whatever its status; nil if there is none.
    package func plugin(_ id: PluginID) -> DiscoveredPlugin? {
        plugins.first { $0.listing.id == id && $0.listing.status != .shadowed }
            ?? plugins.first { $0.listing.id == id }
    }
}

extension PluginInventory {
    /// Makes sure that no plugin is missing that somebody counts on: without it a weaker source would answer.
    ///
    /// Counted on are those that the configuration names, those in the user's own folder, and those that were trusted
    /// and whose folder belongs to a search folder of this run. One that the user switched off is not missing, nor is
    /// one of a project that was never trusted.
    ///
    /// - Parameter wanted: What the configuration names.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    func checkPresence(of wanted: [PluginID]) throws(KeyResolutionError) {
        for id in wanted {
            guard let listing = plugin(id)?.listing, isOut(id) else { continue }
            throw Self.missing(listing, "the configuration counts on plugin '\(id)', which is")
        }
        try checkOwn()
        try checkTrusted()
    }

    /// Whether a plugin is there and does not run, though nobody switched it off.
    func isOut(_ id: PluginID) -> Bool { plugin(id).map { ![.ready, .disabled].contains($0.listing.status) } ?? false }

    /// The user's own plugin that an id means, whoever else has one of it.
    func own(_ id: PluginID) -> DiscoveredPlugin? {
        plugins.first { !$0.listing.origin.needsTrust && $0.listing.id == id }
    }

    /// The user's own plugins count whatever is wrong with them, and so does the folder that they are in.
    func checkOwn() throws(KeyResolutionError) {
        for folder in searched where folder.folder.origin == .user {
            guard let warning = folder.warning else { continue }
            throw KeyResolutionError(
                .invalidConfiguration,
                warning,
                remedy: "see who may read it, or what it should lead to: "
                    + "ls -ld \(FileFault.quoted(folder.folder.path))"
            )
        }
        for plugin in plugins where !plugin.listing.origin.needsTrust {
            let listing = plugin.listing
            let known = listing.id ?? decisions.id(in: plugin.folder)
            guard listing.status != .disabled, !(known.map(decisions.disabled.contains) ?? false) else { continue }
            // No own plugin comes after another of its id: what shadows it is part of the program.
            if listing.status == .shadowed {
                throw Self.error(
                    "plugin '\(known ?? "")' of the user's own folder does not run: \(listing.reason)",
                    remedy: listing.remedy ?? "give it another id in its manifest",
                    switchedOffAs: nil
                )
            }
            guard !listing.problems.isEmpty else { continue }
            guard let id = known else {
                throw Self.broken(listing, "\(plugin.folder), in the user's own plugins folder, is broken")
            }
            throw Self.broken(listing, "plugin '\(id)' of the user's own folder is broken", switchedOffAs: id)
        }
    }

    /// The plugins that were trusted and that a search folder of this run should have.
    ///
    /// A search folder is known by where it is and by how it was named: a link in its name may lead elsewhere by now.
    private var expected: [TrustDecisions.Plugin] {
        let places = searched.reduce(into: Set<FilePath>()) { $0.formUnion($1.places) }
        return decisions.trusted.filter { record in
            !decisions.disabled.contains(record.id)
                && (places.contains(FilePath(record.folder).folder)
                    || record.searchFolder.map { places.contains(FilePath($0)) } ?? false)
        }
    }

    /// A plugin that was trusted must be where it was, or the user says that it is not to be counted on.
    private func checkTrusted() throws(KeyResolutionError) {
        for record in expected {
            guard let listing = plugins.first(where: { $0.folder == FilePath(record.folder) })?.listing else {
                let remedy = "take the trust back: keyhooks plugins untrust \(record.id)"
                throw Self.error(Self.gone(record), first: "put it back, ", remedy: remedy, switchedOffAs: record.id)
            }
            if listing.id == record.id, [.ready, .disabled].contains(listing.status) { continue }
            // One that is shadowed may stay out of the way of one that runs, and of no other.
            if listing.status == .shadowed, let winner = plugin(record.id)?.listing, winner != listing {
                if [.ready, .disabled].contains(winner.status) { continue }
                throw Self.missing(
                    winner,
                    "plugin '\(record.id)', which was trusted, gives way to the one in "
                        + "\(FileFault.shown(winner.folder)), which is",
                    switchedOffAs: record.id
                )
            }
            throw Self.missing(listing, "plugin '\(record.id)' was trusted and is now", switchedOffAs: record.id)
        }
    }

    /// Makes sure that a reload loses none of the user's own plugins that ran before, unless the user decided so.
    ///
    /// - Parameters:
    ///   - running: The plugins that ran before, with their folders.
    ///   - isForgettable: Whether what the user forgets is known, since what runs was recorded.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    func checkKept(_ running: [(id: PluginID, folder: FilePath)], isForgettable: Bool) throws(KeyResolutionError) {
        for (id, folder) in running where ownPlaces.contains(folder.folder) && own(id) == nil {
            guard !decisions.disabled.contains(id) else { continue }
            let isSeen = decisions.seen.contains { $0.id == id }
            guard isSeen || !isForgettable else { continue }
            let remedy = "forget it: keyhooks plugins forget \(id)"
            throw Self.error(Self.gone(id, folder), first: "put it back, ", remedy: remedy, switchedOffAs: id)
        }
    }

    /// What is odd about the folders that were searched: which cannot be, and which plugins went.
    ///
    /// Each is a line for people.
    package var warnings: [String] {
        let missed = decisions.seen.filter { seen in
            let folder = FilePath(seen.folder)
            // One that is broken is there, and an error.
            return ownPlaces.contains(folder.folder) && own(seen.id) == nil
                && !plugins.contains { $0.folder == folder } && !decisions.disabled.contains(seen.id)
        }
        let gone = expected.filter { record in !plugins.contains { $0.folder == FilePath(record.folder) } }
        return searched.compactMap(\.warning)
            + missed.map { seen in
                Self.gone(seen.id, FilePath(seen.folder))
                    + ", so other sources answer. Put it back, or forget it: "
                    + "keyhooks plugins forget \(seen.id)"
            }
            + gone.map { record in
                Self.gone(record) + ". Put it back, or take the trust back: keyhooks plugins untrust \(record.id)"
            }
    }

    private var ownPlaces: Set<FilePath> {
        searched.filter { $0.folder.origin == .user }.reduce(into: []) { $0.formUnion($1.places) }
    }

    private static func gone(_ record: TrustDecisions.Plugin) -> String {
        "plugin '\(displayText(record.id.rawValue))' was trusted and is gone: there is no plugin in \(FilePath(record.folder))"
    }

    private static func gone(_ id: PluginID, _ folder: FilePath) -> String {
        "plugin '\(displayText(id.rawValue))' of the user's own folder is gone: there is nothing left in \(folder)"
    }

    private static func broken(
        _ listing: PluginListing,
        _ words: String,
        switchedOffAs id: PluginID? = nil
    ) -> KeyResolutionError {
        let more = listing.problems.count > 1 ? " (and \(listing.problems.count - 1) more)" : ""
        let problem = listing.problems[0]
        return error("\(words): \(problem.reason)\(more)", remedy: problem.remedy, switchedOffAs: id)
    }

    private static func missing(
        _ listing: PluginListing,
        _ words: String,
        switchedOffAs id: PluginID? = nil
    ) -> KeyResolutionError {
        error(
            "\(words) \(listing.status.rawValue): \(listing.reason)",
            remedy: listing.remedy ?? "see why: keyhooks plugins list",
            switchedOffAs: id ?? listing.id
        )
    }

    private static func error(
        _ message: String,
        first: String = "",
        remedy: String,
        switchedOffAs id: PluginID?
    ) -> KeyResolutionError {
        let off = id.map { "switch it off with 'keyhooks plugins disable \($0)'" } ?? "move its folder away"
        // The usual remedy stands last, since it may end in a command.
        return KeyResolutionError(.invalidConfiguration, message, remedy: "\(first)\(off), or \(remedy)")
    }
}
