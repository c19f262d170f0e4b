import Foundation
import Synchronization

/// The newest state of the cluster that a reply came from, to be sent back with what is asked next.
///
/// Since OpenBao 2.7 each reply to a read, a write or a login names the state that the node had got to. A node that gets
/// a newer one than its own, since it lags behind or has just come back, passes the request on to the active node
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

    private let newest = Mutex<Mark?>(nil)

    /// What to send; nil before the first reply that has one.
    var mark: Mark? { newest.withLock(\.self) }

    /// Notes what a reply has.
    func note(_ header: String?) {
        guard let header, mark?.header != header, let mark = Mark(header) else { return }
        newest.withLock { newest in
            // Another cluster's numbers say nothing about this one's.
            if let known = newest, known.cluster == mark.cluster, known.value >= mark.value { return }
            newest = mark
        }
    }
}
