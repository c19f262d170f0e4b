import ExtensionHooks
import LightFoundation

/// All that a cache keeps, behind one lock.
///
/// Nothing that happens for each read looks at all keys.
struct CacheStorage<Key: Hashable & Sendable, Value: Sendable> {
    /// One read of the source.
    struct Flight {
        let key: Key
        /// Begun in the background, or left behind by readers who got an old value: it goes on although nobody waits.
        var isRefresh: Bool
        let began: Duration
        /// From when on it holds up nobody who may be served an old value.
        let slowFrom: Duration
        let recoveries: UInt64
        var waiters: Set<UInt64> = []
        var task: Task<Void, Never>?
        var patience: Task<Void, Never>?
    }

    /// One reader who waits.
    struct Waiter {
        let continuation: CheckedContinuation<CacheHit<Value>, any Error>
        let flight: UInt64
        let maximumAge: Duration?
    }

    typealias Resumption = (CheckedContinuation<CacheHit<Value>, any Error>, Result<CacheHit<Value>, any Error>)

    private(set) var slots = CacheSlots<Key, Value>()

    /// How many keys have a value.
    private(set) var entryCount = 0
    private var sweeps = CacheSweeps()
    private let stamps: CacheStamps

    /// The reads under way, by generation number.
    var flights: [UInt64: Flight] = [:]

    /// The read of each key whose outcome will be kept and that new readers may wait for.
    ///
    /// Invalidating takes the number out, so an earlier read is never kept however late it ends.
    var joinable: [Key: UInt64] = [:]

    var waiters: [UInt64: Waiter] = [:]
    var patience = CachePatience()
    var statistics = CacheStatistics()

    /// How often the source was seen to come back: a failure of a read that began before has no window.
    var recoveries: UInt64 = 0
    var crowding = CacheCrowding()
    private var lastNumber: UInt64 = 0

    init(stamps: CacheStamps) {
        self.stamps = stamps
    }

    /// A number that was never given before, for flights, waiters and sweeps.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    func slot(of key: Key) -> CacheSlot<Key, Value>? { slots.place(of: key).map { slots[$0] } }

    func hit(
        _ entry: CacheEntry<Value>,
        _ state: CacheEntryState,
        of key: Key,
        at now: Duration,
        failure: (any Error)? = nil
    ) -> CacheHit<Value> {
        var ticket: CacheTicket?
        if state == .fresh, entry.endsAt == nil, let place = slots.place(of: key) {
            // A second at most, so that the order of uses is known to a second.
            let end = min(entry.staleFrom, now + .seconds(1))
            ticket = CacheTicket(place: place, stamp: stamps.stamp(of: place), end: end)
        }
        return CacheHit(
            value: entry.value,
            isAbsence: entry.isAbsence,
            state: state,
            loadedAt: entry.loadedAt,
            failure: failure,
            ticket: ticket
        )
    }
}

extension CacheStorage {
    /// Changes what is kept of a key, which counts as a use.
    mutating func store(_ key: Key, _ change: (inout CacheSlot<Key, Value>) -> Void) {
        edit(slots.insert(key), change)
        use(key)
    }

    mutating func use(_ key: Key) {
        if let place = slots.place(of: key) { slots.use(place) }
    }

    /// Drops the value of a key, and all of it if nothing else is known.
    mutating func forget(_ key: Key) {
        if let place = slots.place(of: key) { edit(place) { $0.entry = nil } }
    }

    /// Drops what readers get of a key; what older values are held against stays.
    mutating func clear(_ key: Key) {
        if let place = slots.place(of: key) { edit(place) { ($0.entry, $0.failure) = (nil, nil) } }
    }

    /// Changes a slot: copies of its value end, and what will end by itself will be looked at.
    private mutating func edit(_ place: Int, _ change: (inout CacheSlot<Key, Value>) -> Void) {
        entryCount -= slots[place].entry == nil ? 0 : 1
        change(&slots[place])
        stamps.end(place)
        let slot = slots[place]
        entryCount += slot.entry == nil ? 0 : 1
        guard slot.isKnown || slot.floor != nil else { return slots.remove(at: place) }
        let number = nextNumber()
        slots[place].sweep = number
        guard let moment = slot.entry?.deadFrom ?? (slot.failure == nil ? slot.floor?.end : nil) else { return }
        sweeps.add(CacheSweeps.Item(moment: moment, place: place, number: number))
        if sweeps.count > 2 * slots.count + 64 {
            let slots = slots
            sweeps.keep { slots.slot(at: $0.place)?.sweep == $0.number }
        }
    }

    /// Drops the least recently used keys while there are too many, and values that can never be served again.
    mutating func trim(to capacity: Int, now: Duration, date: Date) {
        while let item = sweeps.next(at: now) {
            guard let slot = slots.slot(at: item.place), slot.sweep == item.number else { continue }
            edit(item.place) { if $0.entry == nil { $0.floor = nil } else { $0.entry = nil } }
        }
        while slots.count > capacity {
            let slot = slots[slots.oldest]
            stamps.end(slots.oldest)
            slots.remove(at: slots.oldest)
            guard slot.isKnown else { continue }
            statistics.evictions += 1
            guard let entry = slot.entry else { continue }
            entryCount -= 1
            guard entry.isGood(at: now, date) else { continue }
            statistics.evictionsInUse += 1
            crowding.note(at: now)
        }
    }

    /// How many moments are remembered at which something ends.
    var sweepCount: Int { sweeps.count }

    /// The newest version of a key that was given out, if older ones are still refused.
    func floor(of key: Key, at now: Duration) -> CacheFloor? {
        slot(of: key)?.floor.flatMap { now < $0.end ? $0 : nil }
    }
}

/// What a read of a key comes to before the source is asked.
struct CacheDecision<Value: Sendable> {
    enum Outcome {
        case hit(CacheHit<Value>)
        case failure(any Error)
        case load
    }

    let outcome: Outcome
    var needsRefresh = false
}

extension CacheDecision.Outcome: CustomReflectable {
    /// Leaves the value out, and the failure, whose text may hold anything.
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension CacheStorage {
    mutating func decide(
        _ key: Key,
        _ maximumAge: Duration?,
        _ now: Duration,
        date: () -> Date
    ) -> CacheDecision<Value> {
        guard let slot = slot(of: key) else { return CacheDecision(outcome: .load) }
        // The failure that stands for the source until its window ends.
        let standing = slot.failure.flatMap { isInWindow($0, at: now) ? $0 : nil }
        guard let entry = slot.entry, maximumAge.map({ now - entry.loaded < $0 }) ?? true else {
            return decideWithout(standing)
        }
        let mayBegin = standing == nil && joinable[key] == nil
        switch entry.state(at: now, date()) {
        case .fresh:
            use(key)
            statistics.hits += 1
            return CacheDecision(outcome: .hit(hit(entry, .fresh, of: key, at: now)))
        case .stale:
            use(key)
            statistics.staleHits += 1
            return CacheDecision(outcome: .hit(hit(entry, .stale, of: key, at: now)), needsRefresh: mayBegin)
        case .expired:
            guard
                let hit = bridge(key, entry, over: slot.failure ?? slowness(of: key, at: now), maximumAge, now, date())
            else { return decideWithout(standing) }
            use(key)
            statistics.hitsOnError += 1
            return CacheDecision(outcome: .hit(hit), needsRefresh: mayBegin)
        case .dead:
            forget(key)
            return decideWithout(standing)
        }
    }

    private mutating func decideWithout(_ failure: CacheFailure?) -> CacheDecision<Value> {
        guard let failure else { return CacheDecision(outcome: .load) }
        statistics.backedOff += 1
        return CacheDecision(outcome: .failure(failure.error))
    }

    /// Whether no other read is tried yet after one that failed.
    private func isInWindow(_ failure: CacheFailure, at now: Duration) -> Bool {
        now < failure.retryFrom && !(failure.isPassing && failure.recoveries < recoveries)
    }

    /// What stands for the failure of a read under way that has held readers up for long enough.
    private mutating func slowness(of key: Key, at now: Duration) -> CacheFailure? {
        guard let number = joinable[key], let flight = flights[number], now >= flight.slowFrom else { return nil }
        // Whoever comes is served without it, so it must go on even if those who wait give up.
        flights[number]?.isRefresh = true
        return .slowness
    }

    /// What may be served of an entry although the source failed; nil if nothing may.
    func bridge(
        _ key: Key,
        _ entry: CacheEntry<Value>?,
        over failure: CacheFailure?,
        _ maximumAge: Duration?,
        _ now: Duration,
        _ date: @autoclosure () -> Date
    ) -> CacheHit<Value>? {
        guard let entry, !entry.isAbsence, let failure, failure.isPassing else { return nil }
        if let maximumAge, now - entry.loaded >= maximumAge { return nil }
        switch entry.state(at: now, date()) {
        case .fresh: return hit(entry, .fresh, of: key, at: now)
        case .stale: return hit(entry, .stale, of: key, at: now)
        case .expired: return hit(entry, .expired, of: key, at: now, failure: failure.error)
        case .dead: return nil
        }
    }

    func summary(of key: Key, _ now: Duration, date: Date) -> CacheEntrySummary? {
        let slot = slot(of: key)
        guard slot?.isKnown == true || joinable[key] != nil else { return nil }
        return CacheEntrySummary(
            state: slot?.entry?.state(at: now, date),
            isAbsence: slot?.entry?.isAbsence ?? false,
            loadedAt: slot?.entry?.loadedAt,
            age: (slot?.entry?.loaded).map { now - $0 },
            expiresIn: (slot?.entry?.expiredFrom).map { $0 - now },
            failureCount: slot?.failure?.count ?? 0,
            retryIn: slot?.failure.flatMap { isInWindow($0, at: now) ? $0.retryFrom - now : nil },
            failure: slot?.failure.map { valueFreeDescription(of: $0.error) },
            isLoading: joinable[key] != nil
        )
    }
}
