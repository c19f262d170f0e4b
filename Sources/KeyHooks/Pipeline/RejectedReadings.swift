import Synchronization

/// Which readings were found to be bad, so that a key is worth one read however many callers report it.
final class RejectedReadings<Place: Hashable & Sendable>: Sendable {
    private struct Rejected {
        /// The newest reading that was begun when one was last rejected; none up to it is kept any more.
        var newest: UInt64 = 0

        /// When keys were rejected lately, by their marks.
        var keys: [Int: Duration] = [:]
    }

    private let begun = Atomic<UInt64>(0)
    private let rejected: Mutex<RecentMap<Place, Rejected>>

    /// How long after a key was rejected the same one is taken for right, in case it is the provider that errs.
    private let pause: Duration

    /// Scopes may come from outside, so the number of places is bounded.
    init(capacity: Int, pause: Duration) {
        rejected = Mutex(RecentMap(capacity: capacity))
        self.pause = pause
    }

    /// The number of a reading that begins.
    func next() -> UInt64 { begun.add(1, ordering: .relaxed).newValue }

    /// Rejects a key of a reading.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - number: The reading; nil if it isn't known.
    ///   - place: Where it was read.
    ///   - now: The moment on the cache's clock.
    ///   - drop: Forgets what is kept; says whether there was anything, whether something newer is kept, and which reads
    ///     nobody waits for any more.
    /// - Returns: Whether nothing is kept any more that was begun before.
    func reject(
        _ key: APIKey,
        of number: UInt64?,
        at place: Place,
        now: Duration,
        drop: () -> (isDropped: Bool, isNewer: Bool, abandoned: [Task<Void, Never>?])
    ) -> Bool {
        let mark = key.mark
        // One at a time, so that the second of two callers does not drop what the first has read anew.
        let (isDone, abandoned) = rejected.withLock { rejected -> (Bool, [Task<Void, Never>?]) in
            var known = rejected.value(for: place) ?? Rejected()
            if let number, number <= known.newest { return (false, []) }
            if let last = known.keys[mark], now - last < pause { return (false, []) }
            let newest = begun.load(ordering: .relaxed)
            let (isDropped, isNewer, abandoned) = drop()
            guard isDropped || !isNewer else { return (false, abandoned) }
            if !isNewer { known.newest = newest }
            known.keys = known.keys.filter { now - $0.value < pause }
            if isDropped { known.keys[mark] = now }
            rejected.set(known, for: place)
            return (true, abandoned)
        }
        // Without the lock, since the source may do anything when its read is cancelled.
        for task in abandoned { task?.cancel() }
        return isDone
    }
}
