/// How many answers there were of each kind.
///
/// - right: the newest version that the server had acknowledged when the call began;
/// - within: superseded, or flagged as stale, for no longer than TTL (and `staleIfError`) and 150 ms; beyond: for
///   longer;
/// - wrong: another service's, damaged or unknown; weak: the one in the environment;
/// - backwards: older than one that the process had been given before the call began.
package struct LoadTally: Sendable {
    package var lookUps = 0
    package var right = 0
    package var within = 0
    package var beyond = 0
    package var wrong = 0
    package var weak = 0
    package var backwards = 0
    package var failed: [String: Int] = [:]
    /// The first of them, for whoever has to find out.
    package var failures: [String] = []
    package var times = LoadHistogram()
    /// How long those took that got a value.
    package var answeredTimes = LoadHistogram()
    /// The longest that an answer had been superseded, in nanoseconds.
    package var oldest = 0
    /// When an answer was last beyond its bound or from before the server was ready, and when one failed last, in
    /// nanoseconds since 1970.
    package var lastOld: Int?
    package var lastFailed: Int?
    /// The longest time without an answer that could be used, and when the last one was.
    package var gap = 0
    package var lastUsable = 0

    package init() {}

    package mutating func use(at moment: Int) {
        if lastUsable > 0 { gap = max(gap, moment - lastUsable) }
        lastUsable = max(lastUsable, moment)
    }

    package mutating func add(_ other: LoadTally) {
        lookUps += other.lookUps
        right += other.right
        within += other.within
        beyond += other.beyond
        wrong += other.wrong
        weak += other.weak
        backwards += other.backwards
        failed.merge(other.failed, uniquingKeysWith: +)
        failures = Array((failures + other.failures).prefix(5))
        times.add(other.times)
        answeredTimes.add(other.answeredTimes)
        oldest = max(oldest, other.oldest)
        lastOld = [lastOld, other.lastOld].compactMap(\.self).max()
        lastFailed = [lastFailed, other.lastFailed].compactMap(\.self).max()
        gap = max(gap, other.gap)
        lastUsable = max(lastUsable, other.lastUsable)
    }
}

extension LoadTally {
    /// One look-up, in the order in which they end.
    mutating func record(_ one: LoadTally) {
        if one.lastUsable > 0 { use(at: one.lastUsable) }
        add(one)
    }

    mutating func fail(_ code: String, _ text: String, at moment: Int) {
        failed[code, default: 0] += 1
        if failures.count < 5 { failures.append(text) }
        lastFailed = max(lastFailed ?? 0, moment)
    }
}
