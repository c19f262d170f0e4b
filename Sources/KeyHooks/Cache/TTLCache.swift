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
package final class TTLCache<Key: Hashable & Sendable, Content: Sendable>: Sendable {
    /// How long values are believed.
    package let policy: CachePolicy

    /// A read may take so long; what stands for its failure then.
    package typealias Deadline = (limit: Duration, error: @Sendable (Key) -> KeyResolutionError)

    let clock: SourceClock
    /// Where the storage says what changed, for readers that take no lock; away from the lock, which is written to.
    private let stamps: CacheStamps
    private let handling: @Sendable (any Error) -> CacheFailureHandling
    let deadline: Deadline?
    private let lendsThreads: Bool
    private let load: @Sendable (Key, TTLCache) async throws -> SourceReading<Content>
    let storage: Mutex<CacheStorage<Key, Content>>

    /// Makes a cache.
    ///
    /// - Parameters:
    ///   - policy: How long values are believed, with every setting within its bounds.
    ///   - clock: What TTLs are measured with.
    ///   - date: The wall clock, for what a source dates.
    ///   - random: Draws a number from 0 to 1 for the jitter.
    ///   - handling: What to make of a failed read.
    ///   - deadline: How long a read may take, whether or not it ends when it is cancelled; nil for as long as it takes.
    ///   - lendsThreads: Whether a reader's thread may be lent to a read, which must never block it then.
    ///   - load: Reads a key from the source; it may refer to the cache.
    package init(
        policy: CachePolicy = CachePolicy(),
        clock: some Clock<Duration> = ContinuousClock(),
        date: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        handling: @escaping @Sendable (any Error) -> CacheFailureHandling = CacheFailureHandling.standard,
        deadline: Deadline? = nil,
        lendsThreads: Bool = false,
        load: @escaping @Sendable (Key, TTLCache) async throws -> SourceReading<Content>
    ) {
        self.policy = policy
        self.clock = SourceClock(clock, date: date)
        self.handling = handling
        self.deadline = deadline
        self.lendsThreads = lendsThreads
        self.load = load
        let stamps = CacheStamps(capacity: policy.capacity)
        self.stamps = stamps
        storage = Mutex(CacheStorage(policy, stamps: stamps, random: random))
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

    var moment: CacheMoment { CacheMoment(now: clock.now(), date: clock.date) }

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
    package func value(for key: Key, maximumAge: Duration? = nil) async throws -> CacheHit<Content> {
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
    package func immediateValue(for key: Key, maximumAge: Duration? = nil) throws -> CacheHit<Content>? {
        let moment = moment
        let (decision, refresh) = storage.withLock { $0.decide(key, maximumAge, at: moment) }
        if let refresh { start(key, refresh, isAwaited: false) }
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
        let moment = moment
        return storage.withLock { $0.summary(of: key, at: moment) }
    }

    /// What is kept of a key in whatever state, without asking the source and without counting as a use.
    package func peek(_ key: Key) -> SourceReading<Content>? {
        storage.withLock { $0.slot(of: key)?.entry?.reading }
    }

    /// The keys that something is known of, or that are being read, as far as a closure picks them; looks at all.
    ///
    /// - Parameter isPicked: Says which; it must not use the cache.
    /// - Returns: The keys that were picked.
    func keys(where isPicked: (Key) -> Bool) -> [Key] {
        storage.withLock { storage in Set(storage.slots.keys).union(storage.joinable.keys).filter(isPicked) }
    }

    /// The newest version of a key that was given out, and how long ago the source brought it last; nil if none was, or
    /// if older ones are taken again.
    package func newest(of key: Key) -> (rank: CacheRank, age: Duration)? {
        let moment = moment
        return storage.withLock { $0.floor(of: key, at: moment) }.map { ($0.rank, moment.now - $0.since) }
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

    /// Forgets a key if what is kept of it is still what somebody found to be bad.
    package func invalidate(_ key: Key, if isBad: (SourceReading<Content>) -> Bool) {
        let abandoned = storage.withLock { storage -> Task<Void, Never>? in
            guard let entry = storage.slot(of: key)?.entry, isBad(entry.reading) else { return nil }
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
    ///   - isOld: Whether a reading isn't newer; it must not use the cache.
    /// - Returns: Whether anything was forgotten, whether something newer is kept, and the read that nobody waits for any
    ///   more, to be cancelled.
    func forget(_ key: Key, where isOld: (SourceReading<Content>) -> Bool) -> Forgotten {
        storage.withLock { storage in
            let entry = storage.slot(of: key)?.entry
            if let entry, !isOld(entry.reading) { return (isDropped: false, isNewer: true, abandoned: nil) }
            guard entry != nil || storage.joinable[key] != nil else { return (false, false, nil) }
            return (true, false, storage.invalidate(key))
        }
    }

    typealias Forgotten = (isDropped: Bool, isNewer: Bool, abandoned: Task<Void, Never>?)

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
        let now = now
        return storage.withLock { $0.crowding.takeEvictions(at: now) }
    }
}

extension TTLCache {
    private func wait(
        for key: Key,
        as waiter: UInt64,
        _ maximumAge: Duration?,
        _ continuation: CacheStorage<Key, Content>.Waiter.Continuation
    ) {
        do throws(KeyResolutionError) {
            try ReadWaits.current?.check(key, in: self)
        } catch {
            return continuation.resume(throwing: error)
        }
        let moment = moment
        let (decision, flight) = storage.withLock { storage -> (CacheDecision<Content>, UInt64?) in
            // Somebody else's read may have ended since this one last looked.
            let (decision, refresh) = storage.decide(key, maximumAge, at: moment)
            guard case .load = decision else { return (decision, refresh) }
            storage.statistics.misses += 1
            let begun = storage.joinable[key] == nil ? storage.begin(key, isRefresh: false, at: moment) : nil
            do throws(KeyResolutionError) {
                try storage.join(key, as: waiter, maximumAge, continuation)
            } catch {
                return (.failure(error), begun)
            }
            if let (flight, left) = storage.needsPatience(key, maximumAge, at: moment) {
                // A clock that throws for another reason than the end of the read is no reason to wait for it.
                storage.flights[flight]?.patience = after(left) { [self] _ in losePatience(with: flight) }
            }
            return (decision, begun)
        }
        if let flight {
            let isAwaited = if case .load = decision { true } else { false }
            start(key, flight, isAwaited: isAwaited)
        }
        switch decision {
        case .hit(let hit): continuation.resume(returning: hit)
        case .failure(let error): continuation.resume(throwing: error)
        case .load: break
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
    /// task-local values. Where reads never block, a reader who waits lends it its thread until the source has to be
    /// waited for, since waking another one costs a tenth of a read on loopback; an actor's is not lent, as the task
    /// belongs to none and leaves it at once.
    func start(_ key: Key, _ flight: UInt64, isAwaited: Bool) {
        // Nothing that reads in the background is waited for where it was begun.
        let reader = ReadUnderWay(flight, of: key, in: self, within: isAwaited ? ReadWaits.current : nil)
        let read = { @Sendable [self] in
            defer { reader.end() }
            do {
                finish(flight, .success(try await ReadWaits.$current.withValue(reader) { try await load(key, self) }))
            } catch {
                finish(flight, .failure(error))
            }
        }
        let task: Task<Void, Never>
        if isAwaited, lendsThreads, #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            task = Task.immediateDetached(priority: Task.currentPriority, operation: read)
        } else {
            task = Task.detached(priority: Task.currentPriority, operation: read)
        }
        let isUnderWay = storage.withLock { storage in
            guard storage.flights[flight] != nil else { return false }
            storage.flights[flight]?.task = task
            storage.flights[flight]?.deadline = end(of: flight, of: key, task)
            return true
        }
        // Whoever gave it up meanwhile found no task to cancel.
        if !isUnderWay { task.cancel() }
    }

    /// Ends a read that takes longer than it may.
    ///
    /// Unlike the deadline of a hook this one is not cooperative: many callers wait for a read, and a client that never
    /// comes back must not keep all of them.
    func end(of flight: UInt64, of key: Key, _ task: Task<Void, Never>) -> Task<Void, Never>? {
        deadline.map { limit, error in
            after(limit) { [self] hasPassed in
                // A clock that throws says nothing of the read.
                guard hasPassed else { return }
                finish(flight, .failure(error(key)))
                task.cancel()
            }
        }
    }

    /// Does something after a while, unless it is cancelled meanwhile.
    private func after(_ time: Duration, _ act: @escaping @Sendable (_ hasPassed: Bool) -> Void) -> Task<Void, Never> {
        Task.detached { [clock] in
            let hasPassed = (try? await clock.sleep(time)) != nil
            if !Task.isCancelled { act(hasPassed) }
        }
    }

    private func losePatience(with flight: UInt64) {
        let moment = moment
        resume(storage.withLock { $0.losePatience(with: flight, at: moment) })
    }

    func finish(_ flight: UInt64, _ result: Result<SourceReading<Content>, any Error>) {
        let moment = moment
        do {
            let reading = try result.get()
            // Its deadline may have had no thread yet: reads that block keep them all.
            if let late = lateness(of: flight, at: moment.now) { throw late }
            resume(storage.withLock { $0.succeed(flight, reading, at: moment) })
        } catch {
            let error = error is CancellationError ? Self.interrupted : error
            // Asked without the lock: what to make of a failure may depend on what the cache has.
            let handling = handling(error)
            resume(storage.withLock { $0.fail(flight, error, handling, at: moment) })
        }
    }

    /// What a read fails as that has taken longer than it may; nil for all others.
    private func lateness(of flight: UInt64, at now: Duration) -> KeyResolutionError? {
        guard let deadline else { return nil }
        let late = storage.withLock { $0.flights[flight].flatMap { now - $0.began > deadline.limit ? $0.key : nil } }
        return late.map(deadline.error)
    }

    private func resume(_ waiting: [CacheStorage<Key, Content>.Resumption]) {
        for (continuation, result) in waiting { continuation.resume(with: result) }
    }

    /// What a reader gets if the source gave a read up by itself: the reader was not cancelled.
    private static var interrupted: KeyResolutionError {
        KeyResolutionError(.unavailable, "the read was interrupted", remedy: "try again")
    }
}

extension TTLCache: CustomReflectable {
    /// Shows what the cache has done, and nothing that it keeps.
    package var customMirror: Mirror { Mirror(self, children: ["statistics": statistics]) }
}
