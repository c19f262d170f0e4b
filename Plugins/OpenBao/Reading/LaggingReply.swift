import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

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
        if reply.status == 200, let rank = reply.rank(now: date()) {
            guard let seen, rank.isOlder(than: seen.rank), !isAgreed(rank, seen, reply, heard) else { return nil }
            return lags(reply, "version \(rank.version) of \(address.place)")
        }
        do throws(BaoFailure) {
            guard case .absent(let absence)? = try reply.secret(at: address, now: date()).content else { return nil }
            return doubt(absence, reply, heard)
        } catch {
            // One node without the mount, or without a policy, must not end what the others have.
            guard !error.isOfToken, seen != nil, error.handling == .final, !isVouchedFor(reply) else { return nil }
            let isConfirmed = isConfirmed(reply, heard) { $0 == nil }
            return isConfirmed ? nil : error
        }
    }

    private func doubt(_ absence: AbsenceReason, _ reply: OpenBaoResponse, _ heard: HeardReplies) -> BaoFailure? {
        if isVouchedFor(reply) { return nil }
        let said = absence.version.map { "version \($0) of \(address.place) is gone" } ?? "there is no \(address.place)"
        // Who has not got as far as what was seen may not know the secret yet, and so may others.
        if heard.isBehind { return lags(reply, "that \(said)") }
        guard let seen else { return nil }
        if let version = absence.version { return version < seen.rank.version ? lags(reply, "that \(said)") : nil }
        let isConfirmed = isConfirmed(reply, heard) { if case .absent(.missing)? = $0 { true } else { false } }
        return isConfirmed ? nil : lags(reply, "that \(said)")
    }

    /// Whether the node had got at least as far as what was seen before.
    private func isVouchedFor(_ reply: OpenBaoResponse) -> Bool {
        guard let mark, let own = ConsistencyIndex.Mark(reply.headers["x-vault-index"]) else { return false }
        return own.cluster == mark.cluster && own.value >= mark.value
    }

    /// Whether another node says so too, or there is no other.
    private func isConfirmed(_ reply: OpenBaoResponse, _ heard: HeardReplies, by: (BaoContent?) -> Bool) -> Bool {
        serverCount == 1
            || heard.doubted.contains { other in
                other.link.address != reply.link.address
                    && by((try? other.secret(at: address, now: date()))?.content)
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
                && other.rank(now: date()) == rank
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
