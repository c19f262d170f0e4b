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
