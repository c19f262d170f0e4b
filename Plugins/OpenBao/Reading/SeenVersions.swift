import KeyHooks
import Synchronization

/// The newest version of each secret that was given out, as the cache remembers it.
final class SeenVersions: Sendable {
    private let source = Mutex<(@Sendable (SecretAddress) -> CacheRank?)?>(nil)

    /// Says whom to ask; the cache is made after the reader.
    func ask(_ source: @escaping @Sendable (SecretAddress) -> CacheRank?) {
        self.source.withLock { $0 = source }
    }

    /// The newest version; nil if none was seen, or if a version is asked for by its number.
    func newest(of address: SecretAddress) -> CacheRank? {
        guard address.version == nil, let source = source.withLock(\.self) else { return nil }
        if let rank = source(address) { return rank }
        guard address.timeToLive != nil else { return nil }
        var common = address
        common.timeToLive = nil
        return source(common)
    }
}
