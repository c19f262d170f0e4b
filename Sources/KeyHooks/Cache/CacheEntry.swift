import ExtensionHooks
import LightFoundation

/// A value that a cache keeps, with the moments at which it changes its state.
struct CacheEntry<Value: Sendable>: Sendable {
    let value: Value
    let isAbsence: Bool
    let loadedAt: Date
    let loaded: Duration
    let staleFrom: Duration
    let expiredFrom: Duration
    private(set) var deadFrom: Duration

    /// How new it is, if the source says so.
    let rank: CacheRank?

    /// The source's own end on the wall clock, looked at beside `deadFrom` since the wall clock may be set.
    let endsAt: Date?

    func state(at now: Duration, _ date: @autoclosure () -> Date) -> CacheEntryState {
        if now >= deadFrom { return .dead }
        if let endsAt, date() >= endsAt { return .dead }
        if now >= expiredFrom { return .expired }
        return now >= staleFrom ? .stale : .fresh
    }

    /// Whether it is within its TTL.
    func isGood(at now: Duration, _ date: @autoclosure () -> Date) -> Bool {
        let state = state(at: now, date())
        return state == .fresh || state == .stale
    }

    /// Lets the value die with its TTL, since its source refused to give it again.
    mutating func endGrace() { deadFrom = min(deadFrom, expiredFrom) }
}

extension CacheEntry {
    /// Works the moments out; nil if the value is not to be kept.
    init?(_ load: CacheLoad<Value>, _ policy: CachePolicy, now: Duration, date: Date, lot: Double) {
        value = load.value
        isAbsence = load.isAbsence
        rank = load.rank
        loadedAt = date
        loaded = now
        endsAt = load.expiresAt
        // What a source or a rule says has no bounds of its own.
        let timeToLive = load.timeToLive?.bounded ?? policy.timeToLive
        // An absence is not believed for longer than a value would be that has a TTL of its own.
        let negative = min(policy.negativeTimeToLive, load.timeToLive ?? policy.negativeTimeToLive)
        let configured = load.isAbsence ? negative : timeToLive
        // The source's own end bounds everything, the grace after failures as well.
        let dated = load.expiresAt.map { Self.duration($0.timeIntervalSince(date)) }
        let bound = [load.lifetime?.bounded, dated].compactMap { $0 }.min()
        let life = min(configured, bound ?? configured)
        guard life > .zero else { return nil }
        let early = load.isAbsence ? 0 : min(1, policy.refreshAhead + policy.jitter * lot)
        let grace = load.isAbsence ? .zero : policy.staleIfError
        staleFrom = now + life * (1 - early)
        expiredFrom = now + life
        deadFrom = now + min(life + grace, bound ?? life + grace)
    }

    /// Bounds what a source may say, since a date may lie beyond all that a duration can express, or be no number.
    private static func duration(_ interval: TimeInterval) -> Duration {
        // Ten times what a policy may say.
        let longest = TimeInterval(36_500 * 86_400 * 10)
        return interval.isNaN ? .zero : .seconds(min(max(interval, -longest), longest))
    }
}

extension CacheEntry: CustomReflectable {
    /// Leaves the value out.
    var customMirror: Mirror { Mirror(self, children: ["loadedAt": loadedAt]) }
}

/// A failed read that is remembered, so that an outage costs one attempt a window and not one a read.
struct CacheFailure: Sendable {
    let error: any Error
    let handling: CacheFailureHandling
    let count: Int
    let retryFrom: Duration

    /// How often the source had been seen to come back when the read began; see ``TTLCache/sourceRecovered()``.
    let recoveries: UInt64

    /// Whether it will pass, so that an old value may be served meanwhile.
    var isPassing: Bool { handling != .final }
}

extension CacheFailure {
    init(
        _ error: any Error,
        _ handling: CacheFailureHandling,
        after previous: CacheFailure?,
        now: Duration,
        window: Duration,
        recoveries: UInt64
    ) {
        self.error = error
        self.handling = handling
        count = (previous?.count ?? 0) + 1
        retryFrom = now + window
        self.recoveries = recoveries
    }
}

extension CacheFailure: CustomReflectable {
    /// Leaves the error out, whose text may hold anything.
    var customMirror: Mirror { Mirror(self, children: ["handling": handling, "count": count]) }
}
