import ExtensionHooks
public import Foundation
public import Synchronization

/// A cache for anything that is read from elsewhere and may change there.
///
/// - A value is served for its TTL and really ends; ``CachePolicy`` has the states in between. Shortly before the end one
///   read in the background renews it.
/// - Any number of concurrent reads of one key ask the source once. That read is no child of any of them: cancelling one
///   reader does not disturb the others, and only when the last one has left is the read cancelled.
/// - A failure is remembered for a while, so an outage costs one attempt a window. Whether an expired value bridges it is
///   decided by its kind and bounded by ``CachePolicy/staleIfError``.
/// - ``invalidate(_:)`` holds against reads under way: what one of them brings is not kept.
///
/// TTLs run on a clock that the wall's does not disturb; what a source dates is held against the wall clock too.
/// Nothing is ever written to disk.
public final class TTLCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// How long values are believed.
    public let policy: CachePolicy

    @usableFromInline let clock: CacheClock
    private let lot: @Sendable () -> Double
    private let handling: @Sendable (any Error) -> CacheFailureHandling
    private let load: @Sendable (Key) async throws -> CacheLoad<Value>
    private let storage = Mutex(CacheStorage<Key, Value>())
    /// Mirrors the count of changes in the storage, for readers that take no lock.
    @usableFromInline let changes = Atomic<UInt64>(0)

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
    public init(
        policy: CachePolicy = CachePolicy(),
        clock: some Clock<Duration> = ContinuousClock(),
        date: @escaping @Sendable () -> Date = { Date() },
        lot: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        handling: @escaping @Sendable (any Error) -> CacheFailureHandling = CacheFailureHandling.standard,
        load: @escaping @Sendable (Key) async throws -> CacheLoad<Value>
    ) throws(KeyResolutionError) {
        try policy.validate()
        self.policy = policy
        self.clock = CacheClock(clock, date: date)
        self.lot = lot
        self.handling = handling
        self.load = load
    }

    /// What the cache has done so far.
    public var statistics: CacheStatistics {
        storage.withLock { storage in
            var statistics = storage.statistics
            statistics.count = storage.slots.values.count { $0.entry != nil }
            return statistics
        }
    }

    /// The moment on the cache's clock, to hold a ticket against.
    @inlinable package var now: Duration { clock.now() }

    /// Whether a copy of a value may still be served.
    @inlinable
    package func isValid(_ ticket: CacheTicket, at now: Duration) -> Bool {
        now < ticket.end && changes.load(ordering: .acquiring) == ticket.epoch
    }

    /// Makes a change, and lets it end all tickets.
    private func update<Result>(_ change: (inout sending CacheStorage<Key, Value>) -> sending Result) -> sending Result
    {
        storage.withLock { storage in
            let result = change(&storage)
            changes.store(storage.changes, ordering: .releasing)
            return result
        }
    }
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
    public func value(for key: Key, maximumAge: Duration? = nil) async throws -> CacheHit<Value> {
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
    public func immediateValue(for key: Key, maximumAge: Duration? = nil) throws -> CacheHit<Value>? {
        let now = clock.now()
        let decision = storage.withLock { storage in
            let decision = storage.decide(key, maximumAge, now, date: clock.date)
            if decision.needsRefresh { start(key, isRefresh: true, in: &storage) }
            return decision.outcome
        }
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
    public func summary(of key: Key) -> CacheEntrySummary? {
        let now = clock.now()
        return storage.withLock { $0.summary(of: key, now, date: clock.date()) }
    }

    /// The value of a key in whatever state, without asking the source and without counting as a use.
    package func peek(_ key: Key) -> Value? {
        storage.withLock { $0.slots[key]?.entry?.value }
    }
}

extension TTLCache {
    /// Forgets a key: the next read asks the source, and what a read under way brings is not kept.
    ///
    /// - Parameter key: The key.
    public func invalidate(_ key: Key) {
        invalidate { $0 == key }
    }

    /// Forgets everything.
    public func invalidateAll() {
        invalidate { _ in true }
    }

    /// Forgets all keys that a closure picks.
    ///
    /// - Parameter isPicked: Says which; it must not use the cache.
    public func invalidate(where isPicked: (Key) -> Bool) {
        let abandoned = update { $0.invalidate(where: isPicked) }
        for task in abandoned { task.cancel() }
    }

    /// Forgets a key if its value is still the one that somebody found to be bad.
    package func invalidate(_ key: Key, if isBad: (Value) -> Bool) {
        let abandoned = update { storage -> [Task<Void, Never>] in
            guard let entry = storage.slots[key]?.entry, isBad(entry.value) else { return [] }
            return storage.invalidate { $0 == key }
        }
        for task in abandoned { task.cancel() }
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
        let outcome = storage.withLock { storage -> CacheDecision<Value>.Outcome in
            // Somebody else's read may have ended since this one last looked.
            let decision = storage.decide(key, maximumAge, now, date: clock.date)
            guard case .load = decision.outcome else { return decision.outcome }
            storage.statistics.misses += 1
            if storage.joinable[key] == nil { start(key, isRefresh: false, in: &storage) }
            storage.join(key, as: waiter, maximumAge, continuation)
            return .load
        }
        switch outcome {
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

    /// Begins to read a key.
    ///
    /// The task is detached so that it is nobody's child: neither cancelled with a reader nor under a reader's task-local
    /// values.
    private func start(_ key: Key, isRefresh: Bool, in storage: inout CacheStorage<Key, Value>) {
        let flight = storage.begin(key, isRefresh: isRefresh)
        let task = Task.detached(priority: Task.currentPriority) { [self] in
            do {
                finish(flight, .success(try await load(key)))
            } catch {
                finish(flight, .failure(error))
            }
        }
        storage.flights[flight]?.task = task
    }

    private func finish(_ flight: UInt64, _ result: Result<CacheLoad<Value>, any Error>) {
        let (now, date, lot) = (clock.now(), clock.date(), lot())
        let waiting: [CacheStorage<Key, Value>.Resumption]
        switch result {
        case .success(let load):
            let entry = CacheEntry(load, policy, now: now, date: date, lot: lot)
            waiting = update { $0.succeed(flight, load, entry, date, capacity: policy.capacity) }
        case .failure(let error):
            let error = error is CancellationError ? Self.interrupted : error
            // Asked without the lock: what to make of a failure may depend on what the cache has.
            let handling = handling(error)
            waiting = update { $0.fail(flight, error, handling, policy, now, date, lot: lot) }
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
    public var customMirror: Mirror { Mirror(self, children: ["statistics": statistics]) }
}
