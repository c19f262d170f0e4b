import Foundation
import KeyHooks

/// Tells a reply from old data: a node of a cluster may lag behind, or come back with what was true before it went.
struct LaggingReply: Sendable {
    let address: SecretAddress
    let seen: CacheRank
    /// The state of the cluster that was seen when the request was made.
    let mark: ConsistencyIndex.Mark?
    let serverCount: Int
    let date: @Sendable () -> Date

    /// Why a reply is not believed; nil if it is.
    func doubt(_ reply: ServerReply, _ doubted: [ServerReply]) -> BaoFailure? {
        // Nearly all are of this kind.
        if reply.status == 200, let metadata = reply.json?["data"]?["metadata"] {
            guard let rank = ServerVerdict.rank(metadata), rank.isOlder(than: seen) else { return nil }
            return lags(reply, "version \(rank.version) of \(address.place)")
        }
        guard case .reading(let reading) = ServerVerdict(reply, at: address, now: date()) else { return nil }
        switch reading {
        case .secret: return nil
        case .absent(.missing):
            return isVouchedFor(reply) || isConfirmed(reply, by: doubted)
                ? nil : lags(reply, "that there is no \(address.place)")
        case .absent(let absence):
            guard let version = absence.version, version < seen.version, !isVouchedFor(reply) else { return nil }
            return lags(reply, "that version \(version) of \(address.place) is gone")
        }
    }

    /// Whether the node had got at least as far as what was seen before.
    private func isVouchedFor(_ reply: ServerReply) -> Bool {
        guard let mark, let own = ConsistencyIndex.Mark(reply.headers["x-vault-index"]) else { return false }
        return own.cluster == mark.cluster && own.value >= mark.value
    }

    /// Whether another node says so too, or there is no other.
    private func isConfirmed(_ reply: ServerReply, by doubted: [ServerReply]) -> Bool {
        serverCount == 1
            || doubted.contains { other in
                guard other.link.address != reply.link.address,
                    case .reading(.absent(.missing)) = ServerVerdict(other, at: address, now: date())
                else { return false }
                return true
            }
    }

    private func lags(_ reply: ServerReply, _ said: String) -> BaoFailure {
        BaoFailure(
            .unavailable,
            "OpenBao at \(reply.link.address.shown) says \(said), though version \(seen.version) was seen: it lags behind",
            remedy: "wait until the node has caught up, or see why it does not"
        )
    }
}
