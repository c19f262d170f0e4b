import Synchronization

/// The secrets that resolvers' rules led to, which the plugin's own rules do not tell.
final class OverriddenAddresses: Sendable {
    private let addresses = Mutex<Set<SecretAddress>>([])

    /// Paths may have parts of the request in them, so their number is bounded.
    private static let limit = 1_000

    func insert(_ address: SecretAddress) {
        addresses.withLock { addresses in
            if addresses.count < Self.limit { addresses.insert(address) }
        }
    }

    /// Whether a rule may have led to a secret; also true once there are too many to remember.
    func mayContain(_ address: SecretAddress) -> Bool {
        addresses.withLock { $0.count >= Self.limit || $0.contains(address) }
    }
}
