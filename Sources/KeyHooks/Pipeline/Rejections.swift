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
    ///   - number: The reading.
    ///   - place: Where it was read.
    ///   - now: The moment on the cache's clock.
    ///   - drop: Forgets what is kept, and says whether it didn't, as it is newer; it gives the reads that nobody waits
    ///     for any more.
    /// - Returns: Whether nothing is kept any more.
    func reject(
        _ key: APIKey,
        of number: UInt64,
        at place: Place,
        now: Duration,
        drop: () -> (isNewer: Bool, abandoned: [Task<Void, Never>?])
    ) -> Bool {
        let mark = key.mark
        // One at a time, so that the second of two callers does not drop what the first has read anew.
        let (isDropped, abandoned) = rejected.withLock { rejected -> (Bool, [Task<Void, Never>?]) in
            var known = rejected.value(for: place) ?? Rejected()
            guard number > known.newest else { return (false, []) }
            if let last = known.keys[mark], now - last < pause { return (false, []) }
            let newest = begun.load(ordering: .relaxed)
            let (isNewer, abandoned) = drop()
            guard !isNewer else { return (false, abandoned) }
            known.newest = newest
            known.keys = known.keys.filter { now - $0.value < pause }
            known.keys[mark] = now
            rejected.set(known, for: place)
            return (true, abandoned)
        }
        // Without the lock, since the source may do anything when its read is cancelled.
        for task in abandoned { task?.cancel() }
        return isDropped
    }
}

/// What a key answered and how its source forgets it, so that whoever finds the key to be bad can have it read again.
package final class KeyOrigin: Sendable {
    /// What the key answered; its rules may be those of a resolver's past.
    let request: KeyRequest
    private let drop: @Sendable (APIKey) -> Bool?

    /// - Parameters:
    ///   - request: What the key answered.
    ///   - drop: Forgets what it was picked from; nil if the source is gone. If nothing is said, no source is known.
    init(_ request: KeyRequest, drop: @escaping @Sendable (APIKey) -> Bool? = { _ in nil }) {
        self.request = request.withoutHistory
        self.drop = drop
    }

    /// Has the source forget what the key was picked from, unless it has a newer one, or read the same key again a
    /// moment ago.
    ///
    /// - Parameter key: The key, which was found to be bad.
    /// - Returns: Whether anything was forgotten by this; nil if the source is gone, as after a reload.
    @discardableResult
    package func reject(_ key: APIKey) -> Bool? { drop(key) }
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
