import ExtensionHooks
import LightFoundation

/// A reading that a cache keeps, with the moments at which it changes its state.
struct CacheEntry<Content: Sendable>: Sendable {
    let reading: SourceReading<Content>
    let loadedAt: Date
    let loaded: Duration
    let staleFrom: Duration
    let expiredFrom: Duration
    private(set) var deadFrom: Duration

    /// Whether there is any time for which it is to be kept.
    var isKept: Bool { expiredFrom > loaded }

    func state(at moment: CacheMoment) -> CacheEntryState {
        if moment.now >= deadFrom { return .dead }
        // The wall clock is looked at as well, since it may be set.
        if let end = reading.expiresAt, moment.date() >= end { return .dead }
        if moment.now >= expiredFrom { return .expired }
        return moment.now >= staleFrom ? .stale : .fresh
    }

    /// Whether it is within its TTL.
    func isGood(at moment: CacheMoment) -> Bool { [.fresh, .stale].contains(state(at: moment)) }

    /// Lets the value die with its TTL, since its source refused to give it again.
    mutating func endGrace() { deadFrom = min(deadFrom, expiredFrom) }
}

extension CacheEntry {
    /// Works the moments out.
    init(_ reading: SourceReading<Content>, _ policy: CachePolicy, random: Double, at moment: CacheMoment) {
        self.reading = reading
        loadedAt = moment.date()
        loaded = moment.now
        // What a source or a rule says has no bounds of its own.
        let timeToLive = reading.timeToLive?.bounded ?? policy.timeToLive
        // An absence is not believed for longer than a value would be that has a TTL of its own.
        let negative = min(policy.negativeTimeToLive, reading.timeToLive ?? policy.negativeTimeToLive)
        let configured = reading.isAbsence ? negative : timeToLive
        // The source's own end bounds everything, the grace after failures as well.
        let dated = reading.expiresAt.map { [loadedAt] in Self.duration($0.timeIntervalSince(loadedAt)) }
        let bound = [reading.lifetime?.bounded, dated].compactMap(\.self).min()
        let life = max(.zero, min(configured, bound ?? configured))
        let early = reading.isAbsence ? 0 : min(1, policy.refreshAhead + policy.jitter * random)
        let grace = reading.isAbsence ? .zero : policy.staleIfError
        staleFrom = loaded + min(life * (1 - early), reading.staleAfter ?? life)
        expiredFrom = loaded + life
        deadFrom = loaded + min(life + grace, bound ?? life + grace)
    }

    /// Bounds what a source may say, since a date may lie beyond all that a duration can express, or be no number.
    private static func duration(_ interval: TimeInterval) -> Duration {
        // Ten times what a policy may say.
        let longest = TimeInterval(36_500 * 86_400 * 10)
        return interval.isNaN ? .zero : .seconds(min(max(interval, -longest), longest))
    }
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

extension CacheFailure: CustomReflectable {
    /// Leaves the error out, whose text may hold anything.
    var customMirror: Mirror { Mirror(self, children: ["handling": handling, "count": count]) }
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
    /// Whether it is no failure of a read, but stands for one that is slow.
    var isSlowness: Bool { count == 0 }

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
