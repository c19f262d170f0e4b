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
            known.keys[mark] = now
            rejected.set(known, for: place)
            return (true, abandoned)
        }
        // Without the lock, since the source may do anything when its read is cancelled.
        for task in abandoned { task?.cancel() }
        return isDone
    }
}

/// What a key answered and how its source forgets it, so that whoever finds the key to be bad can have it read again.
package final class KeyOrigin: Sendable {
    /// What the key answered; its rules may be those of a resolver's past.
    let request: KeyRequest

    /// Whether another hook made the key, maybe of what a source answered.
    let isRemade: Bool
    private let isFrom: @Sendable (AnyObject) -> Bool
    private let drop: @Sendable (APIKey) -> Bool

    /// The origin of a key that a pipeline picked.
    ///
    /// - Parameters:
    ///   - request: What the key answered.
    ///   - pipeline: Where from; a key doesn't keep it.
    ///   - drop: Has it forget what a key was picked from, and says whether there was anything.
    init<Pipeline: AnyObject & Sendable>(
        _ request: KeyRequest,
        of pipeline: Pipeline,
        drop: @escaping @Sendable (APIKey, Pipeline) -> Bool
    ) {
        self.request = request.withoutHistory
        isRemade = false
        isFrom = { [weak pipeline] other in pipeline === other }
        self.drop = { [weak pipeline] key in pipeline.map { drop(key, $0) } ?? false }
    }

    /// The origin of a key that another hook made.
    init(remade request: KeyRequest) {
        self.request = request.withoutHistory
        isRemade = true
        isFrom = { _ in false }
        drop = { _ in false }
    }

    /// Whether the key was picked by a pipeline.
    func isOf(_ pipeline: AnyObject) -> Bool { isFrom(pipeline) }

    /// Has the source forget what the key was picked from, unless it has a newer one, or read the same key again a
    /// moment ago.
    ///
    /// - Parameter key: The key, which was found to be bad.
    /// - Returns: Whether anything was forgotten by this.
    @discardableResult
    package func reject(_ key: APIKey) -> Bool { drop(key) }
}

/// Where a key is from makes no difference to what its provenance says.
extension KeyOrigin: Hashable {
    package static func == (left: KeyOrigin, right: KeyOrigin) -> Bool { true }

    package func hash(into hasher: inout Hasher) {}
}

extension KeyOrigin: CustomReflectable {
    /// Shows nothing of the source.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
