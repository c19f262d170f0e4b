import Synchronization

/// What has been written so far and what has been handed out, for judging answers.
package final class LoadVersions: Sendable {
    /// What the writer of one secret has said, and what this process has got of it.
    private struct Secret {
        /// Which versions the server has acknowledged, and when, in nanoseconds since 1970; in order.
        var acknowledged: [(version: Int, at: Int)] = []
        /// The newest version that any call was given, and since when.
        var handed = 0
        /// When a value was first read again after the server was ready.
        var firstRead: Int?
    }

    private struct State {
        var secrets: [String: Secret] = [:]
        var readyAt: Int?
        /// From the acknowledgement of a new version to its first being handed out.
        var delays: [Int] = []
    }

    private let state = Mutex(State())
    /// Goes up with every acknowledgement.
    let generation = Atomic(0)

    package init() {}

    /// The server has acknowledged a version at a moment.
    package func acknowledge(_ secret: String, version: Int, at moment: Int) {
        state.withLock { $0.secrets[secret, default: Secret()].acknowledged.append((version, moment)) }
        generation.add(1, ordering: .releasing)
    }

    /// The server can answer again, from this moment.
    package func ready(at moment: Int) {
        state.withLock { $0.readyAt = moment }
    }

    package var readyAt: Int? { state.withLock(\.readyAt) }

    /// The newest version that was acknowledged.
    package func newest(_ secret: String) -> Int {
        state.withLock { $0.secrets[secret]?.acknowledged.last?.version ?? 0 }
    }

    /// The newest version that a call had been given before now.
    package func handed(_ secret: String) -> Int {
        state.withLock { $0.secrets[secret]?.handed ?? 0 }
    }

    /// For each new version the nanoseconds from its acknowledgement until somebody got it.
    package var delays: [Int] { state.withLock(\.delays) }

    /// When each secret was first read after the server was ready, in nanoseconds after that.
    package var firstReads: [Int] {
        state.withLock { state in
            guard let readyAt = state.readyAt else { return [] }
            return state.secrets.values.compactMap { $0.firstRead.map { $0 - readyAt } }
        }
    }

    /// Notes a version that a call has been given, and says since when it has been superseded.
    ///
    /// - Parameters:
    ///   - secret: The name of the secret.
    ///   - version: What the call was given.
    ///   - begin: When the call began: what was acknowledged later cannot be demanded of it.
    ///   - end: When it was over.
    ///   - resolvedAt: When the value was read from its source.
    /// - Returns: Since when there had been a newer one; nil if it was the newest.
    package func note(_ secret: String, version: Int, begin: Int, end: Int, resolvedAt: Int) -> Int? {
        state.withLock { state in
            var entry = state.secrets[secret, default: Secret()]
            if version > entry.handed {
                // The first one is not a rotation.
                if let acknowledged = entry.acknowledged.last(where: { $0.version == version }), entry.handed > 0 {
                    state.delays.append(max(0, end - acknowledged.at))
                }
                entry.handed = version
            }
            if entry.firstRead == nil, let readyAt = state.readyAt, resolvedAt >= readyAt { entry.firstRead = end }
            state.secrets[secret] = entry
            return entry.acknowledged.first { $0.version > version && $0.at < begin }?.at
        }
    }
}
