import ExtensionHooks
package import LightFoundation
import Synchronization

/// A cache for anything that is read from elsewhere and may change there.
///
/// - A value is served for its TTL and really ends; ``CachePolicy`` has the states in between. Shortly before the end
///   one read in the background renews it.
/// - Any number of concurrent reads of one key ask the source once. That read runs in its own task: cancelling one
///   reader does not disturb the others, and only when the last one has left is the read cancelled.
/// - A failure is remembered for a while, so an outage costs one attempt a window. Whether an expired value bridges it
///   is decided by its kind and bounded by ``CachePolicy/staleIfError``.
/// - ``invalidate(_:)`` holds against reads under way: what one of them brings is not kept.
///
/// TTLs run on a clock that the wall's does not disturb; what a source dates is held against the wall clock too.
/// Nothing is ever written to disk.
@usableFromInline
package final class TTLCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// How long values are believed.
    package let policy: CachePolicy

    @usableFromInline let clock: SourceClock
    /// Where the storage says what changed, for readers that take no lock; away from the lock, which is written to.
    @usableFromInline let stamps: CacheStamps
    private let lot: @Sendable () -> Double
    private let handling: @Sendable (any Error) -> CacheFailureHandling
    private let load: @Sendable (Key, TTLCache) async throws -> CacheLoad<Value>
    private let storage: Mutex<CacheStorage<Key, Value>>

    /// Makes a cache.
    ///
    /// - Parameters:
    ///   - policy: How long values are believed.
    ///   - clock: What TTLs are measured with.
    ///   - date: The wall clock, for what a source dates.
    ///   - lot: Draws a number from 0 to 1 for the jitter.
    ///   - handling: What to make of a failed read.
    ///   - load: Reads a key from the source. It should have a deadline of its own: readers wait as long as it takes.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` if the policy cannot be obeyed.
    package convenience init(
        policy: CachePolicy = CachePolicy(),
        clock: some Clock<Duration> = ContinuousClock(),
        date: @escaping @Sendable () -> Date = { Date() },
        lot: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        handling: @escaping @Sendable (any Error) -> CacheFailureHandling = CacheFailureHandling.standard,
        load: @escaping @Sendable (Key) async throws -> CacheLoad<Value>
    ) throws(KeyResolutionError) {
        try policy.validate()
        self.init(checked: policy, clock: clock, date: date, lot: lot, handling: handling) { key, _ in
            try await load(key)
        }
    }

    /// Makes a cache with a policy that can be obeyed; what is loaded may refer to the cache.
    init(
        checked policy: CachePolicy,
        clock: some Clock<Duration>,
        date: @escaping @Sendable () -> Date,
        lot: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        handling: @escaping @Sendable (any Error) -> CacheFailureHandling,
        load: @escaping @Sendable (Key, TTLCache) async throws -> CacheLoad<Value>
    ) {
        self.policy = policy
        self.clock = SourceClock(clock, date: date)
        self.lot = lot
        self.handling = handling
        self.load = load
        let stamps = CacheStamps(capacity: policy.capacity)
        self.stamps = stamps
        storage = Mutex(CacheStorage(stamps: stamps))
    }

    deinit { stamps.deallocate() }

    /// What the cache has done so far.
    package var statistics: CacheStatistics {
        storage.withLock { storage in
            var statistics = storage.statistics
            statistics.count = storage.entryCount
            return statistics
        }
    }

    /// The moment on the cache's clock.
    package var now: Duration { clock.now() }

    /// What tells whether tickets hold, without the types of what is kept.
    var tickets: CacheTickets { CacheTickets(stamps: stamps, clock: clock, cache: self) }
}

extension TTLCache {
    /// Reads a key, from memory if it may.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - maximumAge: The age from which a kept value will not do; zero always asks the source. A read that is under
    ///     way will do all the same.
    /// - Returns: The value, or what the source said of its absence.
    /// - Throws: What the source threw, now or in the window that ``CachePolicy/failureBackoff`` sets; a
    ///   `CancellationError` if the caller was cancelled while it waited.
    package func value(for key: Key, maximumAge: Duration? = nil) async throws -> CacheHit<Value> {
        if let hit = try immediateValue(for: key, maximumAge: maximumAge) { return hit }
        let waiter = storage.withLock { $0.nextNumber() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(for: key, as: waiter, maximumAge, continuation)
                // The handler may have run before there was anybody to find.
                if Task.isCancelled { leave(waiter) }
            }
        } onCancel: {
            leave(waiter)
        }
    }

    /// Reads a key if that takes no waiting; a stale value is renewed in the background.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - maximumAge: The age from which a kept value will not do.
    /// - Returns: The value; nil if the source would have to be waited for.
    /// - Throws: What the source threw a short while ago.
    package func immediateValue(for key: Key, maximumAge: Duration? = nil) throws -> CacheHit<Value>? {
        let now = clock.now()
        let (decision, flight) = storage.withLock { storage -> (CacheDecision<Value>.Outcome, UInt64?) in
            let decision = storage.decide(key, maximumAge, now, date: clock.date)
            return (decision.outcome, decision.needsRefresh ? storage.begin(key, isRefresh: true, at: now) : nil)
        }
        if let flight { start(key, flight, isAwaited: false) }
        switch decision {
        case .hit(let hit): return hit
        case .failure(let error): throw error
        case .load: return nil
        }
    }

    /// What is known of a key, without asking the source and without counting as a use.
    ///
    /// - Parameter key: The key.
    /// - Returns: Its state; nil if nothing is known.
    package func summary(of key: Key) -> CacheEntrySummary? {
        let now = clock.now()
        return storage.withLock { $0.summary(of: key, now, date: clock.date()) }
    }

    /// The value of a key in whatever state, without asking the source and without counting as a use.
    package func peek(_ key: Key) -> Value? {
        storage.withLock { $0.slot(of: key)?.entry?.value }
    }

    /// The newest version of a key that was given out, and how long ago the source brought it last; nil if none was, or
    /// if older ones are taken again.
    package func newest(of key: Key) -> (rank: CacheRank, age: Duration)? {
        let now = clock.now()
        return storage.withLock { $0.floor(of: key, at: now) }.map { ($0.rank, now - $0.since) }
    }

    /// The newest version of a key that was given out; nil if none was, or if older ones are taken again.
    package func newestRank(of key: Key) -> CacheRank? {
        newest(of: key)?.rank
    }
}

extension TTLCache {
    /// Forgets a key: the next read asks the source, and what a read under way brings is not kept.
    ///
    /// - Parameter key: The key.
    package func invalidate(_ key: Key) {
        storage.withLock { $0.invalidate(key) }?.cancel()
    }

    /// Forgets everything.
    package func invalidateAll() {
        invalidate { _ in true }
    }

    /// Forgets all keys that a closure picks.
    ///
    /// - Parameter isPicked: Says which; it must not use the cache.
    package func invalidate(where isPicked: (Key) -> Bool) {
        let abandoned = storage.withLock { $0.invalidate(where: isPicked) }
        for task in abandoned { task.cancel() }
    }

    /// Forgets a key if its value is still the one that somebody found to be bad.
    package func invalidate(_ key: Key, if isBad: (Value) -> Bool) {
        let abandoned = storage.withLock { storage -> Task<Void, Never>? in
            guard let entry = storage.slot(of: key)?.entry, isBad(entry.value) else { return nil }
            return storage.invalidate(key)
        }
        abandoned?.cancel()
    }

    /// Forgets a key unless what is kept of it is newer than what somebody found to be bad.
    ///
    /// What a read brings that was under way is not kept either. Where nothing is kept and nothing is read there is
    /// nothing to forget; that the source failed stays known.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - isOld: Whether a value isn't newer; it must not use the cache.
    /// - Returns: Whether something newer is kept, and the read that nobody waits for any more, to be cancelled.
    func forget(_ key: Key, where isOld: (Value) -> Bool) -> (isNewer: Bool, abandoned: Task<Void, Never>?) {
        storage.withLock { storage in
            let entry = storage.slot(of: key)?.entry
            if let entry, !isOld(entry.value) { return (true, nil) }
            guard entry != nil || storage.joinable[key] != nil else { return (false, nil) }
            return (false, storage.invalidate(key))
        }
    }

    /// Says that the source was seen to answer again: the windows of all failures that will pass end at once.
    ///
    /// Who reads next asks the source; an expired value that bridges the outage is renewed in the background. Failures
    /// from before count no more: what fails once while the source starts is tried again after the shortest window.
    /// Costs the same however many keys there are.
    package func sourceRecovered() {
        storage.withLock { $0.recoveries += 1 }
    }

    /// Takes the number of values that were still good and had to go for want of room, for ``KeyCache/takeWarnings()``.
    ///
    /// - Returns: How many since the last time; nil if there were none, or if some were reported less than five minutes
    ///   ago.
    package func takeEvictionsInUse() -> Int? {
        let now = clock.now()
        return storage.withLock { $0.crowding.takeEvictions(at: now) }
    }
}

extension TTLCache {
    private func wait(
        for key: Key,
        as waiter: UInt64,
        _ maximumAge: Duration?,
        _ continuation: CheckedContinuation<CacheHit<Value>, any Error>
    ) {
        let now = clock.now()
        var begun: UInt64?
        let outcome = storage.withLock { storage -> CacheDecision<Value>.Outcome in
            // Somebody else's read may have ended since this one last looked.
            let decision = storage.decide(key, maximumAge, now, date: clock.date)
            guard case .load = decision.outcome else { return decision.outcome }
            storage.statistics.misses += 1
            if storage.joinable[key] == nil { begun = storage.begin(key, isRefresh: false, at: now) }
            storage.join(key, as: waiter, maximumAge, continuation)
            if let (flight, left) = storage.needsPatience(key, maximumAge, now, date: clock.date()) {
                storage.flights[flight]?.patience = patience(with: flight, for: left)
            }
            return .load
        }
        if let begun { start(key, begun, isAwaited: true) }
        switch outcome {
        case .hit(let hit): continuation.resume(returning: hit)
        case .failure(let error): continuation.resume(throwing: error)
        case .load: break
        }
    }

    /// Waits for so long, and then hands out what old value there is.
    private func patience(with flight: UInt64, for time: Duration) -> Task<Void, Never> {
        Task.detached { [self] in
            // A clock that throws for another reason than the end of the read is no reason to wait for it.
            try? await clock.sleep(time)
            guard !Task.isCancelled else { return }
            let (now, date) = (clock.now(), clock.date())
            let waiting = storage.withLock { $0.losePatience(with: flight, now, date: date) }
            for (continuation, result) in waiting { continuation.resume(with: result) }
        }
    }

    private func leave(_ waiter: UInt64) {
        let left = storage.withLock { $0.leave(waiter) }
        left?.abandoned?.cancel()
        left?.continuation.resume(throwing: CancellationError())
    }

    /// Reads a key for a flight that has begun.
    ///
    /// The task is detached so that it is nobody's child: neither cancelled with a reader nor under a reader's
    /// task-local values. A reader who waits lends it its thread until the source has to be waited for, since waking
    /// another one costs a tenth of a read on loopback; an actor's is not lent, as the task belongs to none and leaves
    /// it at once.
    private func start(_ key: Key, _ flight: UInt64, isAwaited: Bool) {
        let read = { @Sendable [self] in
            do {
                finish(flight, .success(try await load(key, self)))
            } catch {
                finish(flight, .failure(error))
            }
        }
        let task: Task<Void, Never>
        if isAwaited, #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            task = Task.immediateDetached(priority: Task.currentPriority, operation: read)
        } else {
            task = Task.detached(priority: Task.currentPriority, operation: read)
        }
        let isUnderWay = storage.withLock { storage in
            storage.flights[flight]?.task = task
            return storage.flights[flight] != nil
        }
        // Whoever gave it up meanwhile found no task to cancel.
        if !isUnderWay { task.cancel() }
    }

    private func finish(_ flight: UInt64, _ result: Result<CacheLoad<Value>, any Error>) {
        let (now, date, lot) = (clock.now(), clock.date(), lot())
        let waiting: [CacheStorage<Key, Value>.Resumption]
        switch result {
        case .success(let load):
            let entry = CacheEntry(load, policy, now: now, date: date, lot: lot)
            waiting = storage.withLock { $0.succeed(flight, load, entry, policy, now, date, lot: lot) }
        case .failure(let error):
            let error = error is CancellationError ? Self.interrupted : error
            // Asked without the lock: what to make of a failure may depend on what the cache has.
            let handling = handling(error)
            waiting = storage.withLock { $0.fail(flight, error, handling, policy, now, date, lot: lot) }
        }
        for (continuation, result) in waiting { continuation.resume(with: result) }
    }

    /// What a reader gets if the source gave a read up by itself: the reader was not cancelled.
    private static var interrupted: KeyResolutionError {
        KeyResolutionError(.unavailable, "the read was interrupted", remedy: "try again")
    }
}

extension TTLCache: CustomReflectable {
    /// Shows what the cache has done, and nothing that it keeps.
    @usableFromInline package var customMirror: Mirror { Mirror(self, children: ["statistics": statistics]) }
}
