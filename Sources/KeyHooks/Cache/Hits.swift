package import LightFoundation

/// What a ``TTLCache`` answers.
package struct CacheHit<Content: Sendable>: Sendable {
    /// What was read.
    package let reading: SourceReading<Content>

    /// How good it is.
    ///
    /// ``CacheEntryState/expired`` means that the source could not be read, or not yet, and this is what is known last.
    package let state: CacheEntryState

    /// When it was read.
    package let loadedAt: Date

    /// Why an expired value is served; nil for all others.
    package var failure: (any Error)?

    /// Until when the same answer holds without asking again; nil if the next read must ask.
    package var ticket: CacheTicket?

    init(_ entry: CacheEntry<Content>, _ state: CacheEntryState) {
        reading = entry.reading
        loadedAt = entry.loadedAt
        self.state = state
    }
}

extension CacheHit: CustomReflectable {
    /// Leaves the failure out, whose text may hold anything.
    package var customMirror: Mirror { Mirror(self, children: ["state": state, "reading": reading]) }
}

/// Tells whether tickets of a cache hold.
struct CacheTickets: Sendable {
    let stamps: CacheStamps
    let clock: SourceClock

    /// Owns the stamps.
    let cache: any AnyObject & Sendable

    func isValid(_ ticket: CacheTicket) -> Bool {
        clock.now() < ticket.end && stamps.stamp(of: ticket.place) == ticket.stamp
    }
}

/// Until when a copy of a cached value may be served without asking the cache: see ``ThreadMemo``.
package struct CacheTicket: Hashable, Sendable {
    /// Where the cache has the value.
    let place: Int

    /// The stamp of that place when the copy was made; a change of the value ends it.
    let stamp: UInt64

    /// The moment on the cache's clock at which the ticket ends.
    let end: Duration
}

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

/// What a ``TTLCache`` knows of one key, without the value.
package struct CacheEntrySummary: Hashable, Sendable {
    /// How good the value is; nil if there is none.
    package let state: CacheEntryState?

    /// Whether what is kept is an absence.
    package let isAbsence: Bool

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
