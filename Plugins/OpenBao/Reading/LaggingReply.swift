import JSON5Syntax
import KeyHooks
import LightFoundation
import Synchronization

/// Tells a reply from old data: a node of a cluster may lag behind, or come back with what was true before it went.
struct LaggingReply: Sendable {
    /// Nodes lag behind for less; what two of them agree on after that is how things are, as after a restored backup.
    static let longestLag = Duration.seconds(60)

    let address: SecretAddress
    /// The newest version that was given out; nil if none was.
    let seen: SecretReader.SeenVersions.Newest?
    /// The state of the cluster that was seen when the request was made.
    let mark: ConsistencyIndex.Mark?
    let serverCount: Int
    let date: @Sendable () -> Date

    /// Why a reply is not believed; nil if it is.
    func doubt(_ reply: OpenBaoResponse, _ heard: HeardReplies) -> BaoFailure? {
        // Nearly all are of this kind.
        if reply.status == 200, let metadata = reply.json?["data"]?["metadata"] {
            guard let seen, let rank = SecretResponse.rank(metadata, now: date()), rank.isOlder(than: seen.rank),
                !isAgreed(rank, seen, reply, heard)
            else { return nil }
            return lags(reply, "version \(rank.version) of \(address.place)")
        }
        switch SecretResponse(reply, at: address, now: date()) {
        case .secret, .deadToken: return nil
        case .absent(let absence): return doubt(absence, reply, heard)
        case .failure(let failure):
            // One node without the mount, or without a policy, must not end what the others have.
            guard seen != nil, failure.handling == .final, !isVouchedFor(reply) else { return nil }
            let isConfirmed = isConfirmed(reply, heard) { if case .failure = $0 { true } else { false } }
            return isConfirmed ? nil : failure
        }
    }

    private func doubt(_ absence: AbsenceReason, _ reply: OpenBaoResponse, _ heard: HeardReplies) -> BaoFailure? {
        if isVouchedFor(reply) { return nil }
        let said = absence.version.map { "version \($0) of \(address.place) is gone" } ?? "there is no \(address.place)"
        // Who has not got as far as what was seen may not know the secret yet, and so may others.
        if heard.isBehind { return lags(reply, "that \(said)") }
        guard let seen else { return nil }
        if let version = absence.version { return version < seen.rank.version ? lags(reply, "that \(said)") : nil }
        let isConfirmed = isConfirmed(reply, heard) { if case .absent(.missing) = $0 { true } else { false } }
        return isConfirmed ? nil : lags(reply, "that \(said)")
    }

    /// Whether the node had got at least as far as what was seen before.
    private func isVouchedFor(_ reply: OpenBaoResponse) -> Bool {
        guard let mark, let own = ConsistencyIndex.Mark(reply.headers["x-vault-index"]) else { return false }
        return own.cluster == mark.cluster && own.value >= mark.value
    }

    /// Whether another node says so too, or there is no other.
    private func isConfirmed(_ reply: OpenBaoResponse, _ heard: HeardReplies, by: (SecretResponse) -> Bool) -> Bool {
        serverCount == 1
            || heard.doubted.contains { other in
                other.link.address != reply.link.address && by(SecretResponse(other, at: address, now: date()))
            }
    }

    /// Whether another node has the same older version, for longer than nodes lag behind.
    private func isAgreed(
        _ rank: CacheRank,
        _ seen: SecretReader.SeenVersions.Newest,
        _ reply: OpenBaoResponse,
        _ heard: HeardReplies
    ) -> Bool {
        guard seen.age >= Self.longestLag, !heard.isBehind else { return false }
        return heard.doubted.contains { other in
            other.status == 200 && other.link.address != reply.link.address
                && SecretResponse.rank(other.json?["data"]?["metadata"], now: date()) == rank
        }
    }

    private func lags(_ reply: OpenBaoResponse, _ said: String) -> BaoFailure {
        let newer = seen.map { "version \($0.rank.version)" } ?? "a newer state of the cluster"
        var failure = BaoFailure(
            .outdated,
            "OpenBao at \(reply.link.address.shown) says \(said), though \(newer) was seen: it lags behind",
            remedy: "wait until the node has caught up, or see why it does not"
        )
        failure.keepsValues = true
        return failure
    }
}

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
