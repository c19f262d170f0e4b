/// What a cache has done since it was made.
public struct CacheStatistics: Hashable, Sendable, Codable {
    /// Reads answered with a fresh value, or with an absence.
    public var hits = 0

    /// Reads answered with a stale value while it was renewed.
    public var staleHits = 0

    /// Reads answered with an expired value because the source failed.
    public var hitsOnError = 0

    /// Reads that had to wait for the source.
    public var misses = 0

    /// Reads answered with the failure of an earlier one, without asking the source.
    public var backedOff = 0

    /// Times the source was asked; each of several keys that are read together counts.
    public var loads = 0

    /// How many of those were in the background.
    public var refreshes = 0

    /// Times the source failed.
    public var failures = 0

    /// Keys dropped because there were too many.
    public var evictions = 0

    /// Those of them whose value was still within its TTL: more keys are in use than ``CachePolicy/capacity``.
    public var evictionsInUse = 0

    /// Keys dropped because somebody said so.
    public var invalidations = 0

    /// Keys kept now.
    public var count = 0

    /// Statistics of a cache that has done nothing.
    public init() {}

    /// Adds two caches up.
    ///
    /// - Parameters:
    ///   - left: One cache.
    ///   - right: The other.
    /// - Returns: The sum of both in each member.
    public static func + (left: Self, right: Self) -> Self {
        sum(left, right, of: members)
    }

    private static var members: [WritableKeyPath<Self, Int>] {
        [
            \.hits, \.staleHits, \.hitsOnError, \.misses, \.backedOff, \.loads, \.refreshes, \.failures, \.evictions,
            \.evictionsInUse, \.invalidations, \.count,
        ]
    }
}

/// Adds two statistics up, member by member.
func sum<Statistics>(
    _ left: Statistics,
    _ right: Statistics,
    of members: [WritableKeyPath<Statistics, Int>]
) -> Statistics {
    var sum = left
    for member in members { sum[keyPath: member] += right[keyPath: member] }
    return sum
}
