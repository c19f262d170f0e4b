package import KeyHooks

/// The drop-in directory: finds plugins, and keeps what the user decides about them.
///
/// Nothing here runs a plugin. Of two plugins with one id the one that comes first in the search order is meant,
/// whether or not it can run: another one never takes its place unasked. Two in the same search folder are both broken.
package struct PluginDirectory: Sendable {
    /// Where plugins are looked for.
    package let searchPath: PluginSearchPath

    /// Where decisions are kept; nil if there is no place for them.
    package let store: TrustStore?

    /// The ids of plugins that are part of the program, which can be switched off as well.
    ///
    /// One that is dropped in under such an id never runs.
    package let builtIn: [PluginID]

    /// Describes a directory.
    ///
    /// - Parameters:
    ///   - searchPath: Where plugins are looked for.
    ///   - store: Where decisions are kept; without one no plugin can be trusted.
    ///   - builtIn: The ids of plugins that are part of the program.
    package init(searchPath: PluginSearchPath, store: TrustStore?, builtIn: [PluginID] = []) {
        self.searchPath = searchPath
        self.store = store
        self.builtIn = builtIn
    }

    /// Finds all plugins and says which of them run.
    ///
    /// Only folders with a `plugin.json` are looked into, and nothing is run or written.
    ///
    /// - Returns: The plugins in search order.
    package func inventory() -> PluginInventory {
        let search = PluginSearch(searchPath)
        var evaluator = PluginEvaluator(self)
        return PluginInventory(
            plugins: search.candidates.flatMap { evaluator.evaluate($0) },
            searched: search.searched,
            decisions: evaluator.known
        )
    }

    /// Makes sure that what is run is still what was found, right before it is run.
    ///
    /// Of a plugin that was trusted a private copy is run; it is made if it isn't there.
    ///
    /// - Parameter plugin: A plugin that was ready.
    /// - Throws: A ``PluginManagementError`` if its files changed, or are no longer safe.
    package func verify(_ plugin: DiscoveredPlugin) throws(PluginManagementError) {
        let id = plugin.listing.id ?? PluginID(FileFault.shown(plugin.listing.folder))
        guard plugin.listing.status == .ready else {
            throw .unusable(
                "plugin '\(id)' is \(plugin.listing.status.rawValue): \(plugin.listing.reason)",
                remedy: plugin.listing.remedy ?? "see why: keyhooks plugins info \(id)"
            )
        }
        try verifyDecisions(about: id, plugin)
        if let copy = plugin.copy { return try verify(copy, of: plugin, id) }
        var now = PluginCandidate(folder: plugin.folder, origin: plugin.listing.origin)
        let fingerprint = plugin.fingerprint == nil ? nil : now.fingerprint()
        if let problem = now.problems.first {
            throw .unusable(problem.reason, remedy: problem.remedy)
        }
        guard now.manifest == plugin.manifest, fingerprint == plugin.fingerprint else {
            throw PluginManagementError(
                .changedPlugin,
                "plugin '\(id)' changed since it was found",
                remedy: "reload the plugins; trust this one again if the change is right: keyhooks plugins trust \(id)"
            )
        }
    }

    /// What is run is the copy of what was trusted, whatever is in the plugin's folder by now.
    private func verify(_ copy: FilePath, of plugin: DiscoveredPlugin, _ id: PluginID) throws(PluginManagementError) {
        guard let store, let fingerprint = plugin.fingerprint else {
            preconditionFailure("what has a copy was trusted")
        }
        do {
            try TrustedCopies(of: store).provide(fingerprint, from: plugin.folder)
        } catch {
            throw PluginManagementError(.changedPlugin, error.reason, remedy: error.remedy)
        }
        // The manifest was read from the plugin's folder, which may have been another for that moment.
        guard PluginCandidate(folder: copy, origin: plugin.listing.origin).manifest == plugin.manifest else {
            throw PluginManagementError(
                .changedPlugin,
                "plugin '\(id)' changed while it was looked at",
                remedy: "reload the plugins"
            )
        }
    }

    /// Another program of the user's may have taken back what was decided.
    private func verifyDecisions(about id: PluginID, _ plugin: DiscoveredPlugin) throws(PluginManagementError) {
        let state = try store?.decisions() ?? TrustDecisions()
        let isTrusted = state.trusted(id, in: plugin.folder)?.sha256 == plugin.fingerprint
        guard !state.disabled.contains(id), isTrusted || !plugin.listing.origin.needsTrust else {
            throw PluginManagementError(
                .changedPlugin,
                "plugin '\(id)' is no longer trusted, or was switched off",
                remedy: "reload the plugins, or see how it stands: keyhooks plugins info \(id)"
            )
        }
    }
}

extension PluginDirectory {
    /// The plugins that are part of the program, as they are listed.
    ///
    /// - Parameter configured: The ids of the plugins that the configuration has a section for.
    /// - Returns: A listing for each, in the order in which the program names them.
    package func builtInListings(configured: some Collection<PluginID>) -> [PluginListing] {
        let disabled = Result { () throws(PluginManagementError) in try self.disabled() }
        return builtIn.map { id in
            PluginListing(PluginCandidate(builtIn: id), status(on: id, disabled, isConfigured: configured.contains(id)))
        }
    }

    private func status(
        on id: PluginID,
        _ disabled: Result<[PluginID], PluginManagementError>,
        isConfigured: Bool
    ) -> PluginStatus {
        if let switchedOff = searchPath.switchedOff { return switchedOff }
        do throws(PluginManagementError) {
            if try disabled.get().contains(id) { return .disabled(id) }
        } catch {
            return .undecided(error)
        }
        let effect = isConfigured ? ", with" : "; does nothing without"
        return PluginStatus(.ready, "part of the program\(effect) a section in the configuration", nil)
    }
}

extension PluginDirectory {
    /// The plugin that an id means to somebody who runs it at once: their own, or one that is trusted as it is.
    ///
    /// What a project brings is named by its folder until somebody trusted it, also where its id is that of an own
    /// plugin.
    ///
    /// - Throws: A ``PluginManagementError`` if there is none.
    package func installed(_ id: PluginID) throws(PluginManagementError) -> DiscoveredPlugin {
        let found = inventory().plugins.filter { $0.listing.id == id }
        if let plugin = found.first(where: { !$0.listing.origin.needsTrust || $0.fingerprint != nil }) { return plugin }
        guard let other = found.first else { return try plugin(id) }
        let folder = FileFault.shown(other.listing.folder)
        throw .unusable(
            "plugin '\(id)' in \(folder) does not run: \(other.listing.reason)",
            remedy:
                "look at it, and name its folder to run it all the same: \(FileFault.quoted(other.listing.folder))"
        )
    }
}
