import Foundation

/// All that a cache keeps, behind one lock.
struct CacheStorage<Key: Hashable & Sendable, Value: Sendable> {
    /// One key: its value, its last failure, or both.
    struct Slot {
        var entry: CacheEntry<Value>?
        var failure: CacheFailure?
        var lastUse: UInt64
    }

    /// One read of the source.
    struct Flight {
        let key: Key
        /// Begun in the background: it goes on although nobody waits.
        let isRefresh: Bool
        var waiters: Set<UInt64> = []
        var task: Task<Void, Never>?
    }

    /// One reader who waits.
    struct Waiter {
        let continuation: CheckedContinuation<CacheHit<Value>, any Error>
        let flight: UInt64
        let maximumAge: Duration?
    }

    typealias Resumption = (CheckedContinuation<CacheHit<Value>, any Error>, Result<CacheHit<Value>, any Error>)

    var slots: [Key: Slot] = [:]

    /// The reads under way, by generation number.
    var flights: [UInt64: Flight] = [:]

    /// The read of each key whose outcome will be kept and that new readers may wait for.
    ///
    /// Invalidating takes the number out, so an earlier read is never kept however late it ends.
    var joinable: [Key: UInt64] = [:]

    var waiters: [UInt64: Waiter] = [:]
    var statistics = CacheStatistics()
    var changes: UInt64 = 0
    private var lastNumber: UInt64 = 0

    /// A number that was never given before, for flights, waiters and the order of uses.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    func hit(
        _ entry: CacheEntry<Value>,
        _ state: CacheEntryState,
        at now: Duration,
        failure: (any Error)? = nil
    ) -> CacheHit<Value> {
        // A second at most, so that the order of uses is known to a second.
        let end = min(entry.staleFrom, now + .seconds(1))
        let isCopyable = state == .fresh && entry.endsAt == nil
        return CacheHit(
            value: entry.value,
            isAbsence: entry.isAbsence,
            state: state,
            loadedAt: entry.loadedAt,
            failure: failure,
            ticket: isCopyable ? CacheTicket(epoch: changes, end: end) : nil
        )
    }

    /// What may be served of an entry although the source failed; nil if nothing may.
    func bridge(
        _ entry: CacheEntry<Value>?,
        over failure: CacheFailure,
        _ maximumAge: Duration?,
        at now: Duration,
        _ date: @autoclosure () -> Date
    ) -> CacheHit<Value>? {
        guard let entry, !entry.isAbsence, case .passing = failure.handling else { return nil }
        if let maximumAge, now - entry.loaded >= maximumAge { return nil }
        switch entry.state(at: now, date()) {
        case .fresh: return hit(entry, .fresh, at: now)
        case .stale: return hit(entry, .stale, at: now)
        case .expired: return hit(entry, .expired, at: now, failure: failure.error)
        case .dead: return nil
        }
    }

    /// Notes that something changed that copies of values must follow.
    mutating func changed() {
        changes &+= 1
    }

    /// Drops a dead value, and keeps its key only for a failure.
    ///
    /// No ticket needs to end: they have, before it died.
    mutating func forget(_ key: Key) {
        if slots[key]?.failure == nil { slots[key] = nil } else { slots[key]?.entry = nil }
    }

    /// Drops the least recently used keys while there are too many, and values that can never be served again.
    mutating func trim(to capacity: Int, now: Duration, date: Date) {
        for (key, slot) in slots where slot.entry?.state(at: now, date) == .dead { forget(key) }
        while slots.count > capacity, let oldest = slots.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            slots[oldest.key] = nil
            statistics.evictions += 1
        }
    }
}
