public import ExtensionHooks

/// The drop-in directory: finds plugins, and keeps what the user decides about them.
///
/// Nothing here runs a plugin. Of two plugins with one id the one that comes first in the search order is meant, whether
/// or not it can run: another one never takes its place unasked. Two in the same search folder are both broken.
public struct PluginDirectory: Sendable {
    /// Where plugins are looked for.
    public let searchPath: PluginSearchPath

    /// Where decisions are kept; nil if there is no place for them.
    public let store: TrustStore?

    /// The ids of plugins that are part of the program, which can be switched off as well.
    ///
    /// One that is dropped in under such an id never runs.
    public let builtIn: [HookID]

    /// Describes a directory.
    ///
    /// - Parameters:
    ///   - searchPath: Where plugins are looked for.
    ///   - store: Where decisions are kept; without one no plugin can be trusted.
    ///   - builtIn: The ids of plugins that are part of the program.
    public init(searchPath: PluginSearchPath, store: TrustStore?, builtIn: [HookID] = []) {
        self.searchPath = searchPath
        self.store = store
        self.builtIn = builtIn
    }

    /// Finds all plugins and says which of them run.
    ///
    /// Only folders with a `plugin.json` are looked into, and nothing is run or written.
    ///
    /// - Returns: The plugins in search order.
    public func inventory() -> PluginInventory {
        let search = PluginSearch(searchPath)
        var judgement = PluginJudgement(switchedOff: searchPath.switchedOff, store: store, builtIn: builtIn)
        return PluginInventory(
            plugins: search.candidates.flatMap { judgement.judge($0) },
            searched: search.searched
        )
    }

    /// Makes sure that a plugin is still what was found, right before it is run.
    ///
    /// - Parameter plugin: A plugin that was ready.
    /// - Throws: A ``PluginManagementError`` if its files changed, or are no longer safe.
    public func verify(_ plugin: DiscoveredPlugin) throws(PluginManagementError) {
        let id = plugin.listing.id ?? plugin.listing.folder
        guard plugin.listing.status == .ready else {
            throw PluginManagementError(
                .unusablePlugin,
                "plugin '\(id)' is \(plugin.listing.status.rawValue): \(plugin.listing.reason)",
                remedy: plugin.listing.remedy ?? "see why: keyhooks plugins info \(id)"
            )
        }
        var now = PluginCandidate(folder: plugin.listing.folder, origin: plugin.listing.origin)
        let fingerprint = plugin.fingerprint == nil ? nil : now.fingerprint()
        if let problem = now.problems.first {
            throw PluginManagementError(.unusablePlugin, problem.reason, remedy: problem.remedy)
        }
        try verifyDecisions(about: id, plugin)
        guard now.manifest == plugin.manifest, fingerprint == plugin.fingerprint else {
            throw PluginManagementError(
                .changedPlugin,
                "plugin '\(id)' changed since it was found",
                remedy: "reload the plugins; trust this one again if the change is right: keyhooks plugins trust \(id)"
            )
        }
    }

    /// Another program of the user's may have taken back what was decided.
    private func verifyDecisions(about id: String, _ plugin: DiscoveredPlugin) throws(PluginManagementError) {
        let state = try store?.read() ?? PluginState()
        let isTrusted = state.trusted(id, in: plugin.listing.folder)?.sha256 == plugin.fingerprint
        guard !state.disabled.contains(id), isTrusted || !plugin.listing.origin.needsTrust else {
            throw PluginManagementError(
                .changedPlugin,
                "plugin '\(id)' is no longer trusted, or was switched off",
                remedy: "reload the plugins, or see how it stands: keyhooks plugins info \(id)"
            )
        }
    }
}
