import LightFoundation

extension CacheStorage {
    /// Notes that a read begins; the number is its generation.
    mutating func begin(_ key: Key, isRefresh: Bool, at now: Duration) -> UInt64 {
        let number = nextNumber()
        flights[number] = Flight(
            key: key,
            isRefresh: isRefresh,
            began: now,
            slowFrom: now + patience.bound,
            recoveries: recoveries
        )
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
        flight.patience?.cancel()
        if joinable[flight.key] == waiter.flight { joinable[flight.key] = nil }
        return (waiter.continuation, flight.task)
    }

    /// Whether a reader who waits for a key would rather have its old value once the read turns out to be slow; gives
    /// the read and how long it still has, unless that is being waited for.
    mutating func needsPatience(
        _ key: Key,
        _ maximumAge: Duration?,
        _ now: Duration,
        date: Date
    ) -> (flight: UInt64, left: Duration)? {
        guard let number = joinable[key], let flight = flights[number], flight.patience == nil,
            bridge(key, slot(of: key)?.entry, over: .slowness, maximumAge, now, date) != nil
        else { return nil }
        return (number, flight.slowFrom - now)
    }

    /// Gives the old value to those who may have it, and lets the read go on without them.
    mutating func losePatience(with number: UInt64, _ now: Duration, date: Date) -> [Resumption] {
        guard let flight = flights[number] else { return [] }
        flights[number]?.isRefresh = true
        let entry = slot(of: flight.key)?.entry
        return flight.waiters.sorted()
            .compactMap { waiter in
                guard
                    let hit = bridge(flight.key, entry, over: .slowness, waiters[waiter]?.maximumAge, now, date),
                    let continuation = waiters.removeValue(forKey: waiter)?.continuation
                else { return nil }
                flights[number]?.waiters.remove(waiter)
                statistics.hitsOnError += 1
                return (continuation, .success(hit))
            }
    }

    /// Keeps what a read brought, unless the key was invalidated since it began or a newer value was given out.
    mutating func succeed(
        _ number: UInt64,
        _ load: CacheLoad<Value>,
        _ entry: CacheEntry<Value>?,
        _ policy: CachePolicy,
        _ now: Duration,
        _ date: Date,
        lot: Double
    ) -> [Resumption] {
        guard let key = flights[number]?.key else { return [] }
        if let rank = load.rank, let floor = floor(of: key, at: now), floor.bars(load) {
            return fail(number, floor.refusal(of: rank), .passing(), policy, now, date, lot: lot, isOutdated: true)
        }
        guard let (flight, isCurrent) = end(number) else { return [] }
        patience.took(now - flight.began)
        let floor = load.rank.map {
            CacheFloor(rank: $0, since: now, end: (entry?.expiredFrom ?? now) + CacheFloor.grace)
        }
        if isCurrent {
            store(key) { slot in
                (slot.entry, slot.failure, slot.floor) = (entry, nil, floor ?? slot.floor)
            }
        } else if let floor {
            // It is not kept, but given out, so that what is older must not be given any more.
            store(key) { slot in
                slot.floor = floor
                if slot.entry?.rank?.isOlder(than: floor.rank) == true { slot.entry = nil }
            }
        }
        trim(to: policy.capacity, now: now, date: date)
        var answer = CacheHit(
            value: load.value,
            isAbsence: load.isAbsence,
            state: .fresh,
            loadedAt: date,
            failure: nil,
            ticket: nil
        )
        if isCurrent, let entry { answer = hit(entry, .fresh, of: key, at: now) }
        return take(flight.waiters).map { ($0.continuation, .success(answer)) }
    }

    /// Remembers that a read failed, unless the key was invalidated since it began.
    ///
    /// With `isOutdated` it brought an older value than one that was given out; then what there is now will do.
    mutating func fail(
        _ number: UInt64,
        _ error: any Error,
        _ handling: CacheFailureHandling,
        _ policy: CachePolicy,
        _ now: Duration,
        _ date: Date,
        lot: Double,
        isOutdated: Bool = false
    ) -> [Resumption] {
        guard let (flight, isCurrent) = end(number) else { return [] }
        statistics.failures += 1
        // Failures before the source was seen to be back count no more: what fails once while it starts would otherwise
        // have to wait as long as after minutes of outage.
        let previous = (isCurrent ? slot(of: flight.key)?.failure : nil)
            .flatMap { $0.recoveries == flight.recoveries ? $0 : nil }
        let failure = CacheFailure(
            error,
            handling,
            after: previous,
            now: now,
            window: handling.window(after: previous, policy, lot: lot),
            recoveries: flight.recoveries
        )
        if isCurrent {
            store(flight.key) { slot in
                // An absence lets weaker sources answer, which an outage must not: from now on nobody knows.
                if slot.entry?.isAbsence == true { slot.entry = nil }
                if !failure.isPassing {
                    if slot.entry?.isGood(at: now, date) == true { slot.entry?.endGrace() } else { slot.entry = nil }
                }
                slot.failure = failure
            }
            trim(to: policy.capacity, now: now, date: date)
        }
        let entry = isCurrent || isOutdated ? slot(of: flight.key)?.entry : nil
        return take(flight.waiters)
            .map { waiter in
                guard let hit = bridge(flight.key, entry, over: failure, waiter.maximumAge, now, date) else {
                    return (waiter.continuation, .failure(error))
                }
                statistics.hitsOnError += 1
                return (waiter.continuation, .success(hit))
            }
    }

    /// Forgets a key; gives the read that nobody waits for any more.
    mutating func invalidate(_ key: Key) -> Task<Void, Never>? {
        if slot(of: key)?.isKnown == true {
            clear(key)
            statistics.invalidations += 1
        }
        guard let number = joinable.removeValue(forKey: key), let flight = flights[number], flight.waiters.isEmpty
        else { return nil }
        flights[number] = nil
        flight.patience?.cancel()
        return flight.task
    }

    /// Forgets keys; looks at all of them.
    mutating func invalidate(where isPicked: (Key) -> Bool) -> [Task<Void, Never>] {
        let keys = Set(slots.keys).union(joinable.keys)
        return keys.filter(isPicked).compactMap { invalidate($0) }
    }

    /// Takes a read off the list; nil if it was abandoned.
    private mutating func end(_ number: UInt64) -> (flight: Flight, isCurrent: Bool)? {
        guard let flight = flights.removeValue(forKey: number) else { return nil }
        flight.patience?.cancel()
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
