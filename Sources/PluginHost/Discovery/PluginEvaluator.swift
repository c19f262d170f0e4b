import KeyHooks

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
