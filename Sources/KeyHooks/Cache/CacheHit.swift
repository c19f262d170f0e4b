package import LightFoundation

/// What a ``TTLCache`` answers.
package struct CacheHit<Value: Sendable>: Sendable {
    /// What was read.
    package let value: Value

    /// Whether the source said with authority that there is nothing.
    package let isAbsence: Bool

    /// How good the value is.
    ///
    /// ``CacheEntryState/expired`` means that the source could not be read, or not yet, and this is its last known value.
    package let state: CacheEntryState

    /// When it was read.
    package let loadedAt: Date

    /// Why an expired value is served; nil for all others.
    package let failure: (any Error)?

    /// Until when the same answer holds without asking again; nil if the next read must ask.
    package let ticket: CacheTicket?
}

extension CacheHit: CustomReflectable {
    /// Leaves the value out, and the failure, whose text may hold anything.
    package var customMirror: Mirror { Mirror(self, children: ["state": state, "isAbsence": isAbsence]) }
}

extension CacheHit: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    package var description: String { "CacheHit(\(state.rawValue)\(isAbsence ? ", absence" : ""), redacted)" }
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
@usableFromInline
package struct CacheTicket: Hashable, Sendable {
    /// Where the cache has the value.
    @usableFromInline let place: Int

    /// The stamp of that place when the copy was made; a change of the value ends it.
    @usableFromInline let stamp: UInt64

    /// The moment on the cache's clock at which the ticket ends.
    @usableFromInline let end: Duration

    /// Makes a ticket.
    init(place: Int, stamp: UInt64, end: Duration) {
        self.place = place
        self.stamp = stamp
        self.end = end
    }
}
