import KeyHooks

/// Whether a plugin runs, why, and what to do about it.
struct PluginStatus {
    let status: PluginListing.Status
    let reason: String
    let remedy: String?

    init(_ status: PluginListing.Status, _ reason: String, _ remedy: String?) {
        self.status = status
        self.reason = reason
        self.remedy = remedy
    }

    static let own = PluginStatus(.ready, "in the user's own plugins folder", nil)
    static let trusted = PluginStatus(.ready, "trusted, and unchanged since", nil)

    static let sound = PluginStatus(.ready, "its manifest and its files are in order", nil)

    static let switchedOff = PluginStatus(
        .disabled,
        "all plugins are switched off, by KEYHOOKS_NO_PLUGINS or by the caller",
        "unset KEYHOOKS_NO_PLUGINS, or leave out --no-plugins"
    )

    static let insideOfPlugin = PluginStatus(
        .disabled,
        "this runs inside of a plugin: KEYHOOKS_PLUGIN is set, so no plugin is asked",
        "unset KEYHOOKS_PLUGIN where no plugin has started this"
    )

    static let untrustable = PluginStatus(
        .untrusted,
        "there is no folder in which trust could be recorded",
        "set HOME or XDG_CONFIG_HOME"
    )

    static func shadowed(by folder: FilePath) -> PluginStatus {
        PluginStatus(
            .shadowed,
            "\(folder) has the same id and comes first",
            "remove one of the two, or change the order of the search folders"
        )
    }

    static let shadowedByProgram = PluginStatus(
        .shadowed,
        "a plugin that is part of the program has the same id",
        "give it another id in its manifest"
    )

    static func disabled(_ id: PluginID) -> PluginStatus {
        PluginStatus(.disabled, "switched off by the user", "run: keyhooks plugins enable \(id)")
    }

    static func neverTrusted(_ id: PluginID) -> PluginStatus {
        PluginStatus(.untrusted, "never trusted", "look at its folder, then: keyhooks plugins trust \(id)")
    }

    static func changed(_ id: PluginID) -> PluginStatus {
        PluginStatus(
            .untrusted,
            "changed since it was trusted",
            "look at what changed in its folder, then: keyhooks plugins trust \(id)"
        )
    }

    /// The plugin may be switched off or no longer trusted, and whether it is cannot be known.
    static func undecided(_ error: PluginManagementError) -> PluginStatus {
        PluginStatus(.disabled, error.message, error.remedy)
    }

    static func broken(_ problems: [FileFault]) -> PluginStatus {
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return PluginStatus(.broken, problems[0].reason + more, problems[0].remedy)
    }
}

/// Decides which of the plugins that were found run, and says why.
struct PluginEvaluator {
    private let directory: PluginDirectory
    /// What the user decided, or why that is not known.
    private let decisions: Result<TrustDecisions, PluginManagementError>
    private var winners: [PluginID: FilePath] = [:]

    init(_ directory: PluginDirectory) {
        self.directory = directory
        decisions = Result { () throws(PluginManagementError) in
            try directory.store?.decisions() ?? TrustDecisions()
        }
    }

    /// What the user decided; nothing if that isn't known.
    var known: TrustDecisions { (try? decisions.get()) ?? TrustDecisions() }

    private var copies: TrustedCopies? { directory.store.map { TrustedCopies(of: $0) } }

    /// Evaluates the plugins of one search folder, after those of the folders before it.
    mutating func evaluate(_ candidates: [PluginCandidate]) -> [DiscoveredPlugin] {
        let folders = Dictionary(grouping: candidates.filter { $0.id != nil }, by: \.id!).mapValues { $0.map(\.folder) }
        let evaluated = candidates.map { candidate in
            var candidate = candidate
            if let id = candidate.id, let twin = folders[id]?.first(where: { $0 != candidate.folder }) {
                // Which one was meant cannot be known; the names of the folders must not decide it.
                let reason = "\(twin) has the same id '\(id)'"
                candidate.problems.append(FileFault(reason, remedy: "move one of the two away"))
            }
            return evaluate(candidate)
        }
        for (id, places) in folders where winners[id] == nil { winners[id] = places[0] }
        return evaluated
    }

    private func evaluate(_ candidate: PluginCandidate) -> DiscoveredPlugin {
        var candidate = candidate
        var trusted: TrustDecisions.Plugin?
        let status = status(on: &candidate, trusted: &trusted)
        let needsCopy = status.status == .ready && candidate.origin.needsTrust
        return DiscoveredPlugin(
            listing: PluginListing(
                candidate,
                status,
                shadowedBy: candidate.id.flatMap { winners[$0]?.text },
                seesValues: status.status == .ready && trusted?.values == true
            ),
            manifest: candidate.manifest,
            searchFolder: candidate.searchFolder,
            fingerprint: trusted?.sha256,
            copy: needsCopy ? trusted.flatMap { copies?.place(of: $0.sha256) } : nil
        )
    }

    private func status(on candidate: inout PluginCandidate, trusted: inout TrustDecisions.Plugin?) -> PluginStatus {
        if let switchedOff = directory.searchPath.switchedOff { return switchedOff }
        let state: TrustDecisions
        do throws(PluginManagementError) {
            state = try decisions.get()
        } catch {
            return .undecided(error)
        }
        if let id = candidate.id, directory.builtIn.contains(id) { return .shadowedByProgram }
        if let id = candidate.id, let winner = winners[id] { return .shadowed(by: winner) }
        if let id = candidate.id, state.disabled.contains(id) { return .disabled(id) }
        if let id = candidate.id, candidate.problems.isEmpty {
            let isNeeded = candidate.origin.needsTrust
            if isNeeded, copies == nil { return .untrustable }
            let record = state.trusted(id, in: candidate.folder)
            if isNeeded, record == nil { return .neverTrusted(id) }
            let isSame = record.map { candidate.fingerprint() == $0.sha256 } ?? false
            // One in the user's own folder runs all the same; what was granted to it was granted to another.
            if isNeeded, candidate.problems.isEmpty, !isSame { return .changed(id) }
            if isSame { trusted = record }
        }
        if !candidate.problems.isEmpty { return .broken(candidate.problems) }
        return candidate.origin.needsTrust ? .trusted : .own
    }
}

extension TrustStore {
    /// What was decided so far, with errors as those who manage plugins see them.
    func decisions() throws(PluginManagementError) -> TrustDecisions {
        do {
            return try read()
        } catch {
            throw .store(error)
        }
    }

    /// Changes what was decided, with errors as those who manage plugins see them.
    func decide(_ change: (inout TrustDecisions) -> Void) throws(PluginManagementError) {
        do {
            try update(change)
        } catch {
            throw .store(error)
        }
    }
}
