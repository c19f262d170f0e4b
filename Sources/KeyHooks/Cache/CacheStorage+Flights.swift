import Foundation

extension CacheStorage {
    /// Notes that a read begins; the number is its generation.
    mutating func begin(_ key: Key, isRefresh: Bool) -> UInt64 {
        let number = nextNumber()
        flights[number] = Flight(key: key, isRefresh: isRefresh)
        joinable[key] = number
        statistics.loads += 1
        if isRefresh { statistics.refreshes += 1 }
        return number
    }

    mutating func join(
        _ key: Key,
        as waiter: UInt64,
        _ maximumAge: Duration?,
        _ continuation: CheckedContinuation<CacheHit<Value>, any Error>
    ) {
        guard let flight = joinable[key] else { return }
        waiters[waiter] = Waiter(continuation: continuation, flight: flight, maximumAge: maximumAge)
        flights[flight]?.waiters.insert(waiter)
    }

    /// Takes a reader out; with the last one goes the read, unless it was begun in the background.
    mutating func leave(
        _ number: UInt64
    ) -> (continuation: CheckedContinuation<CacheHit<Value>, any Error>, abandoned: Task<Void, Never>?)? {
        guard let waiter = waiters.removeValue(forKey: number) else { return nil }
        flights[waiter.flight]?.waiters.remove(number)
        guard let flight = flights[waiter.flight], flight.waiters.isEmpty, !flight.isRefresh else {
            return (waiter.continuation, nil)
        }
        flights[waiter.flight] = nil
        if joinable[flight.key] == waiter.flight { joinable[flight.key] = nil }
        return (waiter.continuation, flight.task)
    }

    /// Keeps what a read brought, unless the key was invalidated since it began.
    mutating func succeed(
        _ number: UInt64,
        _ load: CacheLoad<Value>,
        _ entry: CacheEntry<Value>?,
        _ date: Date,
        capacity: Int
    ) -> [Resumption] {
        guard let (flight, isCurrent) = end(number) else { return [] }
        var answer = CacheHit(
            value: load.value,
            isAbsence: load.isAbsence,
            state: .fresh,
            loadedAt: date,
            failure: nil,
            ticket: nil
        )
        if isCurrent {
            slots[flight.key] = entry.map { Slot(entry: $0, failure: nil, lastUse: nextNumber()) }
            changed()
            if let entry {
                trim(to: capacity, now: entry.loaded, date: date)
                answer = hit(entry, .fresh, at: entry.loaded)
            }
        }
        return take(flight.waiters).map { ($0.continuation, .success(answer)) }
    }

    /// Remembers that a read failed, unless the key was invalidated since it began.
    mutating func fail(
        _ number: UInt64,
        _ error: any Error,
        _ handling: CacheFailureHandling,
        _ policy: CachePolicy,
        _ now: Duration,
        _ date: Date,
        lot: Double
    ) -> [Resumption] {
        guard let (flight, isCurrent) = end(number) else { return [] }
        statistics.failures += 1
        let previous = isCurrent ? slots[flight.key]?.failure : nil
        let window = handling.window(after: previous, policy, lot: lot)
        let failure = CacheFailure(error, handling, after: previous, now: now, window: window)
        var entry: CacheEntry<Value>?
        if isCurrent {
            entry = handling == .final ? nil : slots[flight.key]?.entry
            // An absence lets weaker sources answer, which an outage must not: from now on nobody knows.
            if entry?.isAbsence == true { entry = nil }
            slots[flight.key] = Slot(entry: entry, failure: failure, lastUse: nextNumber())
            changed()
            trim(to: policy.capacity, now: now, date: date)
        }
        return take(flight.waiters)
            .map { waiter in
                guard let hit = bridge(entry, over: failure, waiter.maximumAge, at: now, date) else {
                    return (waiter.continuation, .failure(error))
                }
                statistics.hitsOnError += 1
                return (waiter.continuation, .success(hit))
            }
    }

    /// Forgets keys; gives the reads that nobody waits for any more.
    mutating func invalidate(where isPicked: (Key) -> Bool) -> [Task<Void, Never>] {
        for key in slots.keys.filter(isPicked) {
            slots[key] = nil
            statistics.invalidations += 1
        }
        var abandoned: [Task<Void, Never>] = []
        for (key, number) in joinable where isPicked(key) {
            joinable[key] = nil
            guard let flight = flights[number], flight.waiters.isEmpty else { continue }
            flights[number] = nil
            if let task = flight.task { abandoned.append(task) }
        }
        changed()
        return abandoned
    }

    /// Takes a read off the list; nil if it was abandoned.
    private mutating func end(_ number: UInt64) -> (flight: Flight, isCurrent: Bool)? {
        guard let flight = flights.removeValue(forKey: number) else { return nil }
        let isCurrent = joinable[flight.key] == number
        if isCurrent { joinable[flight.key] = nil }
        return (flight, isCurrent)
    }

    private mutating func take(_ numbers: Set<UInt64>) -> [Waiter] {
        numbers.sorted().compactMap { waiters.removeValue(forKey: $0) }
    }
}

extension CacheFailureHandling {
    /// How long no other read is tried.
    func window(after previous: CacheFailure?, _ policy: CachePolicy, lot: Double) -> Duration {
        let (shortest, longest) = (policy.failureBackoff.lowerBound, policy.failureBackoff.upperBound)
        guard case .passing(let retryAfter) = self else { return shortest }
        var window = shortest
        // Doubling an attosecond this often takes it past a hundred years, so more failures make no difference.
        for _ in 0..<min(previous?.count ?? 0, 100) where window < longest { window += window }
        let spread = min(window, longest) * (1 - policy.jitter * lot)
        // What the source asks for is honoured up to the bound: it might ask for a year.
        return max(spread, shortest, min(retryAfter ?? .zero, longest))
    }
}
