import ExtensionHooks
package import LightFoundation

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

/// What a read for a ``TTLCache`` brought.
package struct CacheLoad<Value: Sendable>: Sendable {
    /// What was read.
    package var value: Value

    /// Whether the source said with authority that there is nothing; `value` then says what it said.
    package var isAbsence: Bool

    /// When the source says that the value ends, on its own clock.
    package var expiresAt: Date?

    /// How long the source says that the value is good for, counted from now.
    package var lifetime: Duration?

    /// How long the value is believed in place of ``CachePolicy/timeToLive``; nil for as the policy says.
    package var timeToLive: Duration?

    /// How new it is in the order of its source; nil if the source has none.
    ///
    /// What is older than the newest that the cache gave out for the key is neither kept nor given: the value that is
    /// there is served as after a failure that will pass, and without one the read fails as
    /// ``KeyResolutionError/Code/outdated``.
    package var rank: CacheRank?

    /// The newer one that this one comes after all the same, as the source made sure; no other is overridden.
    package var replaced: CacheRank?

    /// A value.
    ///
    /// - Parameters:
    ///   - value: What was read.
    ///   - expiresAt: When the source says that it ends; it is never served after that, come what may.
    ///   - lifetime: How long the source says that it is good for; it is never served after that either.
    /// - Returns: What to hand to the cache.
    package static func value(_ value: Value, expiresAt: Date? = nil, lifetime: Duration? = nil) -> Self {
        Self(value: value, isAbsence: false, expiresAt: expiresAt, lifetime: lifetime)
    }

    /// An absence, which is believed for ``CachePolicy/negativeTimeToLive`` and never served after a failure.
    ///
    /// Only for what the source said with authority: a failure is thrown, never reported as an absence.
    ///
    /// - Parameter value: What the source said.
    /// - Returns: What to hand to the cache.
    package static func absence(_ value: Value) -> Self {
        Self(value: value, isAbsence: true, expiresAt: nil, lifetime: nil)
    }
}

extension CacheLoad: CustomReflectable {
    /// Leaves the value out.
    package var customMirror: Mirror { Mirror(self, children: ["isAbsence": isAbsence]) }
}

extension CacheLoad: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    package var description: String { isAbsence ? "CacheLoad(absence)" : "CacheLoad(redacted)" }
}

/// What a ``TTLCache`` makes of a failed read.
package enum CacheFailureHandling: Hashable, Sendable {
    /// It will pass, as an outage does: an expired value may be served meanwhile, and reads are backed off, at least as
    /// long as the source asked for.
    case passing(retryAfter: Duration? = nil)

    /// It is an answer, as a denial is: it ends what is kept with its TTL, without any time beyond it.
    ///
    /// Until then the value is served, but not to those who ask for a younger one: they get the failure. Reads are
    /// backed off for the shortest time only, so that a permission that was put right is seen at once.
    case final
}

extension CacheFailureHandling {
    /// What is made of errors by default.
    ///
    /// A ``KeyResolutionError`` that is `unavailable`, `sealed` or `timedOut` will pass, every other is final. An error
    /// of unknown type is final too: a stale value needs a reason.
    ///
    /// - Parameter error: What a read threw.
    /// - Returns: What to make of it.
    package static func standard(_ error: any Error) -> Self {
        guard let error = error as? KeyResolutionError else { return .final }
        return [.unavailable, .sealed, .timedOut].contains(error.code) ? .passing() : .final
    }
}

/// How long readers wait for a read when an old value may be served in its place.
///
/// Four times what reads have taken lately, so that a source which is merely far away still gives its new values, and
/// within bounds that nobody notices as an outage.
struct CachePatience {
    static let shortest = Duration.milliseconds(50)
    static let longest = Duration.seconds(1)

    /// What reads have taken lately, the last ones most.
    private var usual: Duration?

    /// How long after its start a read holds up nobody any more.
    var bound: Duration { min(max((usual ?? .zero) * 4, Self.shortest), Self.longest) }

    /// Notes how long a read took that brought something.
    mutating func took(_ time: Duration) {
        // What is longer makes no difference, and sums must not overflow.
        let time = min(max(time, .zero), Self.longest)
        usual = usual.map { ($0 * 3 + time) / 4 } ?? time
    }
}

extension CacheFailure {
    /// What stands for the failure of a read that has held readers up for long enough.
    static var slowness: CacheFailure {
        let error = KeyResolutionError(
            .timedOut,
            "the source has not answered yet",
            remedy: "nothing: the read goes on, and its value will be served as soon as it is there"
        )
        return CacheFailure(error: error, handling: .passing(), count: 0, retryFrom: .zero, recoveries: 0)
    }
}
