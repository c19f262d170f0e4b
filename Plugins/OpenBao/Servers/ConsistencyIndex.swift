import LightFoundation
import Synchronization

/// The newest state of the cluster that a reply came from, to be sent back with what is asked next.
///
/// Since OpenBao 2.7 each reply to a read, a write or a login names the state that the node had got to. A node that
/// gets a newer one than its own, since it lags behind or has just come back, passes the request on to the active node
/// instead of answering from old data. Older servers neither send nor read it.
final class ConsistencyIndex: Sendable {
    /// One state, as the server writes it: JSON in base64.
    struct Mark: Sendable, Equatable {
        let header: String
        let cluster: String
        let value: UInt64

        /// Nil for what OpenBao does not write, such as the signed text of Vault.
        init?(_ header: String?) {
            guard let header, header.utf8.count <= 1024, let data = Data(base64Encoded: header),
                let text = try? JSONDecoder().decode([String: String].self, from: data),
                let cluster = text["cluster"], let value = text["value"].flatMap({ UInt64($0) })
            else { return nil }
            self.header = header
            self.cluster = cluster
            self.value = value
        }
    }

    private struct State {
        var newest: Mark?
        /// How many replies in a row came from before it, and when the first one came.
        var older = 0
        var olderSince = Duration.zero
    }

    /// For so long, and so often, replies must be older than a mark for it to be dropped: a backup was restored, or a
    /// server said what was never true.
    private static let patience = Duration.seconds(60)
    private static let replies = 3

    private let state = Mutex(State())

    /// What to send; nil before the first reply that has one.
    var mark: Mark? { state.withLock(\.newest) }

    /// Notes what a reply has.
    func note(_ header: String?, at now: Duration) {
        guard let header, !isNewest(header), let mark = Mark(header) else { return }
        state.withLock { state in
            // Another cluster's numbers say nothing about this one's.
            guard let newest = state.newest, newest.cluster == mark.cluster, mark.value < newest.value else {
                state = State(newest: mark)
                return
            }
            if state.older == 0 { state.olderSince = now }
            state.older += 1
            guard state.older >= Self.replies, now - state.olderSince >= Self.patience else { return }
            state = State(newest: mark)
        }
    }

    private func isNewest(_ header: String) -> Bool {
        state.withLock { state in
            guard state.newest?.header == header else { return false }
            state.older = 0
            return true
        }
    }
}
