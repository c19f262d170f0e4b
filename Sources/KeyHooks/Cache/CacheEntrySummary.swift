package import LightFoundation

/// What a ``TTLCache`` knows of one key, without the value.
package struct CacheEntrySummary: Hashable, Sendable {
    /// How good the value is; nil if there is none.
    package let state: CacheEntryState?

    /// Whether what is kept is an absence.
    package let isAbsence: Bool

    /// When it was read; nil if nothing is kept.
    package let loadedAt: Date?

    /// The time since it was read.
    package let age: Duration?

    /// The time left of its TTL; negative once that is over.
    package let expiresIn: Duration?

    /// How many reads in a row failed.
    package let failureCount: Int

    /// How long no read will be tried because of that; nil if one may.
    package let retryIn: Duration?

    /// The kind of the last failure as value-free text.
    package let failure: String?

    /// Whether a read is under way.
    package let isLoading: Bool
}
