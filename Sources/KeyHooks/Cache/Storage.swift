import ExtensionHooks
import LightFoundation

/// All that a cache keeps, behind one lock.
///
/// Nothing that happens for each read looks at all keys.
struct CacheStorage<Key: Hashable & Sendable, Content: Sendable> {
    /// One read of the source.
    struct Flight {
        let key: Key
        /// Begun in the background, or left behind by readers who got an old value: it goes on although nobody waits.
        var isRefresh: Bool
        let began: Duration
        /// From when on it holds up nobody who may be served an old value.
        let slowFrom: Duration
        let recoveries: UInt64
        /// The read of the source that it is part of, where several keys are read together; nil for one of its own.
        var read: UInt64?
        var waiters: Set<UInt64> = []
        var task: Task<Void, Never>?
        var patience: Task<Void, Never>?
        var deadline: Task<Void, Never>?
    }

    /// One reader who waits.
    struct Waiter {
        typealias Continuation = CheckedContinuation<CacheHit<Content>, any Error>

        let continuation: Continuation
        let flight: UInt64
        let maximumAge: Duration?
        /// What ``ReadWaits`` knows of it.
        let wait: UInt64?
    }

    typealias Resumption = (Waiter.Continuation, Result<CacheHit<Content>, any Error>)

    let policy: CachePolicy

    /// Draws a number from 0 to 1 for the jitter.
    let random: @Sendable () -> Double

    private(set) var slots = CacheSlots<Key, Content>()

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

    /// How often anything was to be forgotten, whether or not it was there.
    var forgettings: UInt64 = 0
    private var lastNumber: UInt64 = 0

    init(_ policy: CachePolicy, stamps: CacheStamps, random: @escaping @Sendable () -> Double) {
        self.policy = policy
        self.stamps = stamps
        self.random = random
    }

    /// A number that was never given before, for flights, waiters and sweeps.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    func slot(of key: Key) -> CacheSlot<Key, Content>? { slots.place(of: key).flatMap { slots[$0] } }

    /// An entry as readers get it; with a ticket if it is fresh.
    func hit(
        _ entry: CacheEntry<Content>,
        _ state: CacheEntryState,
        of key: Key,
        at moment: CacheMoment
    ) -> CacheHit<Content> {
        var hit = CacheHit(entry, state)
        if state == .fresh, entry.reading.expiresAt == nil, let place = slots.place(of: key) {
            // A second at most, so that the order of uses is known to a second.
            let end = min(entry.staleFrom, moment.now + .seconds(1))
            hit.ticket = CacheTicket(place: place, stamp: stamps.stamp(of: place), end: end)
        }
        return hit
    }
}

extension CacheStorage {
    /// Changes what is kept of a key, which counts as a use.
    mutating func store(_ key: Key, _ change: (inout CacheSlot<Key, Content>) -> Void) {
        edit(slots.insert(key), change)
        use(key)
    }

    mutating func use(_ key: Key) {
        if let place = slots.place(of: key) { slots.use(place) }
    }

    /// Changes what is kept of a key, if anything is.
    mutating func change(_ key: Key, _ change: (inout CacheSlot<Key, Content>) -> Void) {
        if let place = slots.place(of: key) { edit(place, change) }
    }

    /// Changes a slot: copies of its value end, and what will end by itself will be looked at.
    private mutating func edit(_ place: Int, _ change: (inout CacheSlot<Key, Content>) -> Void) {
        entryCount -= slots[place]?.entry == nil ? 0 : 1
        // Force-unwrapped, as only that changes the slot where it is.
        change(&slots[place]!)
        stamps.end(place)
        guard let slot = slots[place], slot.isKnown || slot.floor != nil else { return slots.remove(at: place) }
        entryCount += slot.entry == nil ? 0 : 1
        let number = nextNumber()
        slots[place]?.sweep = number
        guard let moment = slot.entry?.deadFrom ?? (slot.failure == nil ? slot.floor?.end : nil) else { return }
        sweeps.add(CacheSweeps.Item(moment: moment, place: place, number: number))
        if sweeps.count > 2 * slots.count + 64 {
            let slots = slots
            sweeps.keep { slots[$0.place]?.sweep == $0.number }
        }
    }

    /// Drops the least recently used keys while there are too many, and values that can never be served again.
    mutating func trim(at moment: CacheMoment) {
        while let item = sweeps.next(at: moment.now) {
            guard slots[item.place]?.sweep == item.number else { continue }
            edit(item.place) { if $0.entry == nil { $0.floor = nil } else { $0.entry = nil } }
        }
        while slots.count > policy.capacity {
            let slot = slots[slots.oldest]
            stamps.end(slots.oldest)
            slots.remove(at: slots.oldest)
            guard let slot, slot.isKnown else { continue }
            statistics.evictions += 1
            guard let entry = slot.entry else { continue }
            entryCount -= 1
            guard entry.isGood(at: moment) else { continue }
            statistics.evictionsInUse += 1
            crowding.note(at: moment.now)
        }
    }

    /// How many moments are remembered at which something ends.
    var sweepCount: Int { sweeps.count }

    /// The newest version of a key that was given out, if older ones are still refused.
    func floor(of key: Key, at moment: CacheMoment) -> CacheFloor? {
        slot(of: key)?.floor.flatMap { moment.now < $0.end ? $0 : nil }
    }
}

/// What a read of a key comes to before the source is asked.
enum CacheDecision<Content: Sendable> {
    case hit(CacheHit<Content>)
    case failure(any Error)
    case load
}

extension CacheDecision: CustomReflectable {
    /// Leaves the value out, and the failure, whose text may hold anything.
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension CacheStorage {
    /// Says what a read of a key comes to; begins to renew a value that is due, and gives the number of that read.
    mutating func decide(
        _ key: Key,
        _ maximumAge: Duration?,
        at moment: CacheMoment
    ) -> (decision: CacheDecision<Content>, refresh: UInt64?) {
        guard let slot = slot(of: key) else { return (.load, nil) }
        // The failure that stands for the source until its window ends.
        let standing = slot.failure.flatMap { isInWindow($0, at: moment.now) ? $0 : nil }
        guard let entry = slot.entry, maximumAge.map({ moment.now - entry.loaded < $0 }) ?? true else {
            return (decideWithout(standing), nil)
        }
        let hit: CacheHit<Content>
        let state = entry.state(at: moment)
        switch state {
        case .fresh:
            statistics.hits += 1
            hit = self.hit(entry, .fresh, of: key, at: moment)
        case .stale:
            statistics.staleHits += 1
            hit = self.hit(entry, .stale, of: key, at: moment)
        case .expired:
            let failure = slot.failure ?? slowness(of: key, at: moment.now)
            guard let old = bridge(key, entry, over: failure, maximumAge, at: moment) else {
                return (decideWithout(standing), nil)
            }
            statistics.hitsOnError += 1
            hit = old
        case .dead:
            change(key) { $0.entry = nil }
            return (decideWithout(standing), nil)
        }
        use(key)
        let isDue = state != .fresh && standing == nil && joinable[key] == nil
        return (.hit(hit), isDue ? begin(key, isRefresh: true, at: moment) : nil)
    }

    private mutating func decideWithout(_ failure: CacheFailure?) -> CacheDecision<Content> {
        guard let failure else { return .load }
        statistics.backedOff += 1
        return .failure(failure.error)
    }

    /// Whether no other read is tried yet after one that failed.
    func isInWindow(_ failure: CacheFailure, at now: Duration) -> Bool {
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
        _ entry: CacheEntry<Content>?,
        over failure: CacheFailure?,
        _ maximumAge: Duration?,
        at moment: CacheMoment
    ) -> CacheHit<Content>? {
        guard let entry, !entry.reading.isAbsence, let failure, failure.isPassing else { return nil }
        if let maximumAge, moment.now - entry.loaded >= maximumAge { return nil }
        let state = entry.state(at: moment)
        guard state != .dead else { return nil }
        var hit = hit(entry, state, of: key, at: moment)
        // That a read is slow says nothing of the source.
        if state == .expired, !failure.isSlowness { hit.failure = failure.error }
        return hit
    }

    func summary(of key: Key, at moment: CacheMoment) -> CacheEntrySummary? {
        let slot = slot(of: key)
        guard slot?.isKnown == true || joinable[key] != nil else { return nil }
        return CacheEntrySummary(
            state: slot?.entry?.state(at: moment),
            isAbsence: slot?.entry?.reading.isAbsence ?? false,
            age: (slot?.entry?.loaded).map { moment.now - $0 },
            expiresIn: (slot?.entry?.expiredFrom).map { $0 - moment.now },
            failureCount: slot?.failure?.count ?? 0,
            retryIn: slot?.failure.flatMap { isInWindow($0, at: moment.now) ? $0.retryFrom - moment.now : nil },
            failure: slot?.failure.map { valueFreeDescription(of: $0.error) },
            isLoading: joinable[key] != nil
        )
    }
}
