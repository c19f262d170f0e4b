import JSON5Syntax
import KeyHooks

extension PluginDirectory {
    /// The plugin that an id means: the first one in search order.
    ///
    /// - Parameter id: The plugin.
    /// - Returns: The plugin, whatever its status.
    /// - Throws: A ``PluginManagementError`` if there is none.
    package func plugin(_ id: PluginID) throws(PluginManagementError) -> DiscoveredPlugin {
        guard let plugin = inventory().plugin(id) else { throw unknown(id) }
        return plugin
    }

    /// What a plugin is like now: the SHA-256 of everything in its folder, which trust is given to.
    ///
    /// - Parameter id: The plugin.
    /// - Returns: 64 hexadecimal digits.
    /// - Throws: A ``PluginManagementError`` if there is no such plugin, or it is broken.
    package func fingerprint(of id: PluginID) throws(PluginManagementError) -> String {
        let plugin = try plugin(id)
        var candidate = PluginCandidate(folder: plugin.folder, origin: plugin.listing.origin)
        let fingerprint = candidate.fingerprint()
        if let problem = plugin.listing.problems.first ?? candidate.problems.first {
            throw .broken(id, problem)
        }
        guard let fingerprint else { preconditionFailure("what has no fingerprint has a problem that says why") }
        return fingerprint
    }

    /// Lets a plugin run as it is now; it no longer does when anything in its folder changes.
    ///
    /// A plugin in the user's own folder needs no trust. It is recorded only to grant it the values of keys.
    ///
    /// - Parameters:
    ///   - id: The plugin.
    ///   - fingerprint: What was looked at, as ``fingerprint(of:)`` gave it; nil for whatever is there now.
    ///   - isGrantingValues: Whether its end hooks that ask for the values of keys see them.
    /// - Returns: How it is listed from now on.
    /// - Throws: A ``PluginManagementError`` if there is no such plugin, it is broken, it is not what was looked at, it
    ///   asks for no values that could be granted, or the decision cannot be kept.
    @discardableResult
    package func trust(
        _ id: PluginID,
        fingerprint: String? = nil,
        grantingValues isGrantingValues: Bool = false
    ) throws(PluginManagementError) -> PluginListing {
        let now = try self.fingerprint(of: id)
        guard fingerprint == nil || fingerprint?.lowercased() == now else {
            throw PluginManagementError(
                .changedPlugin,
                "plugin '\(id)' is not what was looked at: its fingerprint is \(now)",
                remedy: "look at its folder again"
            )
        }
        let found = try plugin(id)
        let listing = found.listing
        guard !isGrantingValues || listing.hooks.contains(where: \.wantsValues) else {
            throw .unusable("plugin '\(id)' asks for no values of keys", remedy: "trust it without granting them")
        }
        let record = TrustDecisions.Plugin(
            id: id,
            folder: listing.folder,
            searchFolder: found.searchFolder?.text,
            sha256: now,
            values: isGrantingValues ? true : nil
        )
        let isRecorded = listing.origin.needsTrust || isGrantingValues
        let folder = FilePath(listing.folder)
        let isKnown = try store?.decisions().trusted.contains { FilePath($0.folder) == folder } ?? false
        if isRecorded || isKnown {
            let store = try writableStore()
            do throws(FileFault) {
                // What changes in the folder from now on is not what was trusted.
                if listing.origin.needsTrust { try TrustedCopies(of: store).provide(now, from: folder) }
            } catch {
                let message = "plugin '\(id)' cannot be copied to where it is run from: \(error.reason)"
                throw PluginManagementError(.changedPlugin, message, remedy: error.remedy)
            }
            try store.decide { state in
                state.trusted.removeAll { old in
                    // By a link that leads elsewhere now, it may be the same plugin in another folder.
                    FilePath(old.folder) == folder
                        || old.id == record.id && record.searchFolder != nil
                            && old.searchFolder.map { FilePath($0) } == record.searchFolder.map { FilePath($0) }
                }
                if isRecorded { state.trusted.append(record) }
            }
            if let decisions = try? store.read() { TrustedCopies(of: store).tidy(decisions) }
        }
        return try plugin(id).listing
    }

    /// Takes trust back, wherever the plugin was trusted.
    ///
    /// - Parameter id: The plugin; it may be gone.
    /// - Throws: A ``PluginManagementError`` if nothing is known of such a plugin, or it needs no trust, or the
    ///   decision cannot be kept.
    package func untrust(_ id: PluginID) throws(PluginManagementError) {
        let records = try store?.decisions().trusted.filter { $0.id == id } ?? []
        if records.isEmpty {
            let origin = inventory().plugin(id)?.listing.origin
            if let origin, origin.needsTrust { return }
            guard origin != nil || builtIn.contains(id) else { throw unknown(id) }
            let place = origin == nil ? "part of the program" : "in the user's own folder"
            throw .unusable(
                "plugin '\(id)' is \(place) and needs no trust",
                remedy: "switch it off: keyhooks plugins disable \(id)"
            )
        }
        let store = try writableStore()
        try store.decide { state in state.trusted.removeAll { $0.id == id } }
        if let decisions = try? store.read() { TrustedCopies(of: store).remove(records, decisions) }
    }

    /// Forgets one of the user's own plugins that was there before, so that nobody misses it any more.
    ///
    /// - Parameter id: The plugin; its folder is gone.
    /// - Throws: A ``PluginManagementError`` if no such plugin is missed, it is still there, or that cannot be kept.
    package func forget(_ id: PluginID) throws(PluginManagementError) {
        let inventory = inventory()
        if let plugin = inventory.own(id) {
            throw .unusable(
                "plugin '\(id)' is there, in \(plugin.folder)",
                remedy: "move its folder away first, or switch it off: keyhooks plugins disable \(id)"
            )
        }
        // Asked for once more, since without them an empty answer is no answer.
        let decisions = try store?.decisions() ?? TrustDecisions()
        guard decisions.seen.contains(where: { $0.id == id }) else {
            let suggestion = closestMatch(to: id.rawValue, among: decisions.seen.map(\.id.rawValue))
            throw PluginManagementError(
                .unknownPlugin,
                "no plugin '\(displayText(id.rawValue))' is missing",
                remedy: suggestion.map { "did you mean '\($0)'?" } ?? "see which are: keyhooks plugins list"
            )
        }
        let own = searchPath.folders.filter { $0.origin == .user }
            .map { FileSystem.likelyPath(of: FilePath($0.path)) }
        try writableStore()
            .decide { state in
                state.seen.removeAll { $0.id == id }
                state.trusted.removeAll { $0.id == id && own.contains(FilePath($0.folder).folder) }
            }
    }

    /// Switches a plugin off, wherever it is found.
    ///
    /// - Parameter id: The plugin.
    /// - Throws: A ``PluginManagementError`` if there is no such plugin, or the decision cannot be kept.
    package func disable(_ id: PluginID) throws(PluginManagementError) {
        let inventory = inventory()
        let isKnown = inventory.plugin(id) != nil || inventory.decisions.isKnown(id)
        guard builtIn.contains(id) || isKnown else { throw unknown(id) }
        try writableStore().decide { $0.disabled = Set($0.disabled + [id]).sorted() }
    }

    /// Switches a plugin on again; it must still be trusted to run.
    ///
    /// - Parameter id: The plugin; it may be gone.
    /// - Throws: A ``PluginManagementError`` if there is no such plugin, or the decision cannot be kept.
    package func enable(_ id: PluginID) throws(PluginManagementError) {
        if try disabled().contains(id) {
            try writableStore().decide { state in state.disabled.removeAll { $0 == id } }
        } else if !builtIn.contains(id), inventory().plugin(id) == nil {
            throw unknown(id)
        }
    }

    /// The plugins that were switched off one by one, those that are part of the program among them.
    ///
    /// - Returns: Their ids.
    /// - Throws: A ``PluginManagementError`` if the decisions cannot be read.
    package func disabled() throws(PluginManagementError) -> [PluginID] {
        try store?.decisions().disabled ?? []
    }

    private func unknown(_ id: PluginID) -> PluginManagementError {
        let listings = inventory().listings
        // A manifest that cannot be read has no id; its folder is mostly called after the plugin.
        let nameless = listings.first { $0.id == nil && $0.folder.hasSuffix("/\(id.rawValue)") }
        if let nameless, let problem = nameless.problems.first {
            return .unusable(
                "there is no plugin '\(FileFault.shown(id.rawValue))', and what is in \(FileFault.shown(nameless.folder)) "
                    + "is broken: \(problem.reason)",
                remedy: problem.remedy
            )
        }
        return .unknown(id, among: builtIn + listings.compactMap(\.id))
    }

    private func writableStore() throws(PluginManagementError) -> TrustStore {
        guard let store else {
            throw PluginManagementError(
                .storeUnusable,
                "there is no folder in which the decision could be kept",
                remedy: "set HOME or XDG_CONFIG_HOME"
            )
        }
        return store
    }
}
