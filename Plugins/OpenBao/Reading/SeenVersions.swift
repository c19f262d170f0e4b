import KeyHooks
import Synchronization

/// The newest version of each secret that was given out, and how long ago a server had it last, as the cache remembers.
final class SeenVersions: Sendable {
    typealias Newest = (rank: CacheRank, age: Duration)

    private let source = Mutex<(@Sendable (SecretAddress) -> Newest?)?>(nil)

    /// Says whom to ask; the cache is made after the reader.
    func ask(_ source: @escaping @Sendable (SecretAddress) -> Newest?) {
        self.source.withLock { $0 = source }
    }

    /// The newest version; nil if none was seen, or if a version is asked for by its number.
    func newest(of address: SecretAddress) -> Newest? {
        guard address.version == nil, let source = source.withLock(\.self) else { return nil }
        if let newest = source(address) { return newest }
        guard address.timeToLive != nil else { return nil }
        var common = address
        common.timeToLive = nil
        return source(common)
    }
}
