import ExtensionHooks

/// How long what a source brought is believed.
///
/// A value is *fresh* at first, then *stale*: it is still served while one read in the background renews it. At the end
/// of its TTL it is *expired*: readers wait for a new one. If that read fails for a passing reason, or takes long, the
/// expired value is served at once, for at most ``staleIfError`` longer, while reads in the background look whether the
/// source is back; after that it is *dead* and readers get the failure.
public struct CachePolicy: Hashable, Sendable {
    /// How long a value is served after it was read; zero keeps nothing.
    public var timeToLive: Duration

    /// The last share of the TTL, from 0 to 1, in which a read renews the value in the background.
    public var refreshAhead: Double

    /// A share of the TTL, from 0 to 1: the moment at which a value becomes stale is random, and up to this much
    /// earlier, so that processes which started together do not read together.
    public var jitter: Double

    /// How long it is believed that there is nothing; zero keeps no absence.
    public var negativeTimeToLive: Duration

    /// How long past its TTL a value is served while reads fail for a passing reason or take long; zero never serves
    /// one, so that readers wait for the source however long it takes.
    public var staleIfError: Duration

    /// How long after a failed read no other is tried: the lower bound after the first failure, doubled with each
    /// further one up to the upper bound, and shortened at random by up to the share ``jitter``, though never below the
    /// lower bound.
    public var failureBackoff: ClosedRange<Duration>

    /// How many keys are kept; the least recently used go first.
    public var capacity: Int

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - timeToLive: How long a value is served after it was read.
    ///   - refreshAhead: The last share of the TTL in which a read renews the value in the background.
    ///   - jitter: By what share of the TTL that may begin earlier.
    ///   - negativeTimeToLive: How long it is believed that there is nothing.
    ///   - staleIfError: How long past its TTL a value is served while reads fail.
    ///   - failureBackoff: How long after a failed read no other is tried.
    ///   - capacity: How many keys are kept.
    public init(
        timeToLive: Duration = .seconds(300),
        refreshAhead: Double = 0.2,
        jitter: Double = 0.1,
        negativeTimeToLive: Duration = .seconds(30),
        staleIfError: Duration = .zero,
        failureBackoff: ClosedRange<Duration> = .seconds(1)...(.seconds(30)),
        capacity: Int = 1000
    ) {
        self.timeToLive = timeToLive
        self.refreshAhead = refreshAhead
        self.jitter = jitter
        self.negativeTimeToLive = negativeTimeToLive
        self.staleIfError = staleIfError
        self.failureBackoff = failureBackoff
        self.capacity = capacity
    }
}

extension CachePolicy {
    /// The policy with every setting within its bounds.
    var withinBounds: CachePolicy {
        CachePolicy(
            timeToLive: timeToLive.bounded,
            refreshAhead: min(max(refreshAhead, 0), 1),
            jitter: min(max(jitter, 0), 1),
            negativeTimeToLive: negativeTimeToLive.bounded,
            staleIfError: staleIfError.bounded,
            failureBackoff: failureBackoff.lowerBound.bounded...failureBackoff.upperBound.bounded,
            capacity: max(1, capacity)
        )
    }

    /// Checks that the policy can be obeyed.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that names the setting.
    package func validate() throws(KeyResolutionError) {
        func check(_ isObeyed: Bool, _ message: String, remedy: String) throws(KeyResolutionError) {
            if !isObeyed { throw .invalidConfiguration(message, remedy: remedy) }
        }
        let durations = [
            ("timeToLive", timeToLive), ("negativeTimeToLive", negativeTimeToLive), ("staleIfError", staleIfError),
            ("failureBackoff", failureBackoff.lowerBound), ("failureBackoff", failureBackoff.upperBound),
        ]
        for (name, duration) in durations {
            let message = "\(name) of a cache is negative or longer than a hundred years"
            try check(duration == duration.bounded, message, remedy: "use a duration from 0 to 36500 days")
        }
        for (name, share) in [("refreshAhead", refreshAhead), ("jitter", jitter)] {
            let message = "\(name) of a cache is not from 0 to 1"
            try check((0...1).contains(share), message, remedy: "use a share of the TTL, such as 0.2")
        }
        let remedy = "use 1 or more; a timeToLive of zero switches the cache off"
        try check(capacity > 0, "the capacity of a cache is \(capacity)", remedy: remedy)
    }
}
