public import LightFoundation

/// What a ``TTLCache`` knows of one key, without the value.
public struct CacheEntrySummary: Hashable, Sendable {
    /// How good the value is; nil if there is none.
    public let state: CacheEntryState?

    /// Whether what is kept is an absence.
    public let isAbsence: Bool

    /// When it was read; nil if nothing is kept.
    public let loadedAt: Date?

    /// The time since it was read.
    public let age: Duration?

    /// The time left of its TTL; negative once that is over.
    public let expiresIn: Duration?

    /// How many reads in a row failed.
    public let failureCount: Int

    /// How long no read will be tried because of that; nil if one may.
    public let retryIn: Duration?

    /// The kind of the last failure as value-free text.
    public let failure: String?

    /// Whether a read is under way.
    public let isLoading: Bool
}
