import ExtensionHooks

/// Decides which of the plugins that were found run, and says why.
struct PluginJudgement {
    /// Why no plugin runs at all.
    private let switchedOff: PluginVerdict?
    /// What the user decided, or why that is not known.
    private let decisions: Result<PluginState, PluginManagementError>
    private let hasStore: Bool
    private let builtIn: Set<HookID>
    private var winners: [HookID: String] = [:]

    init(switchedOff: PluginVerdict?, store: TrustStore?, builtIn: [HookID] = []) {
        self.switchedOff = switchedOff
        self.builtIn = Set(builtIn)
        hasStore = store != nil
        do {
            decisions = .success(try store?.read() ?? PluginState())
        } catch {
            decisions = .failure(error)
        }
    }

    /// Judges the plugins of one search folder, after those of the folders before it.
    mutating func judge(_ candidates: [PluginCandidate]) -> [DiscoveredPlugin] {
        let folders = Dictionary(grouping: candidates.filter { $0.id != nil }, by: \.id!).mapValues { $0.map(\.folder) }
        let judged = candidates.map { candidate in
            var candidate = candidate
            if let id = candidate.id, let twin = folders[id]?.first(where: { $0 != candidate.folder }) {
                // Which one was meant cannot be known; the names of the folders must not decide it.
                let reason = "\(FolderFault.shown(twin)) has the same id '\(id)'"
                candidate.problems.append(.init(reason: reason, remedy: "move one of the two away"))
            }
            return judge(candidate)
        }
        for (id, places) in folders where winners[id] == nil { winners[id] = places[0] }
        return judged
    }

    private func judge(_ candidate: PluginCandidate) -> DiscoveredPlugin {
        var candidate = candidate
        var trusted: PluginState.Trusted?
        let verdict = verdict(on: &candidate, trusted: &trusted)
        return DiscoveredPlugin(
            listing: PluginListing(
                candidate,
                verdict,
                shadowedBy: candidate.id.flatMap { winners[$0] },
                seesValues: verdict.status == .ready && trusted?.values == true
            ),
            manifest: candidate.manifest,
            fingerprint: trusted?.sha256,
            trustedAs: (try? decisions.get())?.trustedID(in: candidate.folder)
        )
    }

    private func verdict(
        on candidate: inout PluginCandidate,
        trusted: inout PluginState.Trusted?
    ) -> PluginVerdict {
        if let switchedOff { return switchedOff }
        switch decisions {
        // One of them may be switched off or no longer trusted, and which cannot be known.
        case .failure(let error): return PluginVerdict(.disabled, error.message, error.remedy)
        case .success(let state): return verdict(on: &candidate, state, trusted: &trusted)
        }
    }

    private func verdict(
        on candidate: inout PluginCandidate,
        _ state: PluginState,
        trusted: inout PluginState.Trusted?
    ) -> PluginVerdict {
        if let id = candidate.id, builtIn.contains(id) { return .shadowedByProgram }
        if let id = candidate.id, let winner = winners[id] { return .shadowed(by: winner) }
        if let id = candidate.id, state.disabled.contains(id.rawValue) { return .disabled(id) }
        if let id = candidate.id, candidate.problems.isEmpty {
            let isNeeded = candidate.origin.needsTrust
            if isNeeded, !hasStore { return .untrustable }
            let record = state.trusted(id.rawValue, in: candidate.folder)
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
