/// How good a cached value is.
package enum CacheEntryState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Within its TTL, and not yet due to be renewed.
    case fresh

    /// Within its TTL; the next read renews it in the background.
    case stale

    /// Past its TTL: only served if the source cannot be read for a passing reason.
    case expired

    /// Past everything; never served.
    case dead
}
