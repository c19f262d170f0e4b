import LightFoundation

extension CacheStorage {
    /// Notes that a read begins; the number is its generation.
    mutating func begin(_ key: Key, isRefresh: Bool, at moment: CacheMoment) -> UInt64 {
        let number = ReadWaits.newRead()
        flights[number] = Flight(
            key: key,
            isRefresh: isRefresh,
            began: moment.now,
            slowFrom: moment.now + patience.bound,
            recoveries: recoveries
        )
        joinable[key] = number
        statistics.loads += 1
        if isRefresh { statistics.refreshes += 1 }
        return number
    }

    /// Adds a reader to a read under way.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `pluginFailed` if the read waits for the one that asks.
    mutating func join(
        _ key: Key,
        as number: UInt64,
        _ maximumAge: Duration?,
        _ continuation: Waiter.Continuation
    ) throws(KeyResolutionError) {
        guard let flight = joinable[key] else { return }
        let wait = try ReadWaits.begin(flights[flight]?.read ?? flight)
        waiters[number] = Waiter(continuation: continuation, flight: flight, maximumAge: maximumAge, wait: wait)
        flights[flight]?.waiters.insert(number)
    }

    private mutating func removeWaiter(_ number: UInt64) -> Waiter? {
        let waiter = waiters.removeValue(forKey: number)
        ReadWaits.end(waiter?.wait)
        return waiter
    }

    /// Takes a reader out; with the last one goes the read, unless it was begun in the background.
    mutating func leave(_ number: UInt64) -> (continuation: Waiter.Continuation, abandoned: Task<Void, Never>?)? {
        guard let waiter = removeWaiter(number) else { return nil }
        flights[waiter.flight]?.waiters.remove(number)
        guard let flight = flights[waiter.flight], flight.waiters.isEmpty, !flight.isRefresh else {
            return (waiter.continuation, nil)
        }
        return (waiter.continuation, end(waiter.flight)?.flight.task)
    }

    /// Whether a reader who waits for a key would rather have its old value once the read turns out to be slow; gives
    /// the read and how long it still has, unless that is being waited for.
    mutating func needsPatience(
        _ key: Key,
        _ maximumAge: Duration?,
        at moment: CacheMoment
    ) -> (flight: UInt64, left: Duration)? {
        guard let number = joinable[key], let flight = flights[number], flight.patience == nil,
            bridge(key, slot(of: key)?.entry, over: .slowness, maximumAge, at: moment) != nil
        else { return nil }
        return (number, flight.slowFrom - moment.now)
    }

    /// Gives the old value to those who may have it, and lets the read go on without them.
    mutating func losePatience(with number: UInt64, at moment: CacheMoment) -> [Resumption] {
        guard let flight = flights[number] else { return [] }
        flights[number]?.isRefresh = true
        let entry = slot(of: flight.key)?.entry
        return flight.waiters.sorted()
            .compactMap { waiter in
                guard
                    let hit = bridge(flight.key, entry, over: .slowness, waiters[waiter]?.maximumAge, at: moment),
                    let continuation = removeWaiter(waiter)?.continuation
                else { return nil }
                flights[number]?.waiters.remove(waiter)
                statistics.hitsOnError += 1
                return (continuation, .success(hit))
            }
    }

    /// Keeps what a read brought, unless the key was invalidated since it began or a newer value was given out.
    mutating func succeed(_ number: UInt64, _ reading: SourceReading<Content>, at moment: CacheMoment) -> [Resumption] {
        guard let key = flights[number]?.key else { return [] }
        if let rank = reading.rank, let floor = floor(of: key, at: moment), floor.bars(reading) {
            return fail(number, floor.refusal(of: rank), .passing(), at: moment, isOutdated: true)
        }
        guard let (flight, isCurrent) = end(number) else { return [] }
        patience.took(moment.now - flight.began)
        let entry = CacheEntry(reading, policy, random: random(), at: moment)
        let floor = reading.rank.map {
            CacheFloor(rank: $0, since: moment.now, end: entry.expiredFrom + CacheFloor.grace)
        }
        if isCurrent {
            store(key) { slot in
                (slot.entry, slot.failure, slot.floor) = (entry.isKept ? entry : nil, nil, floor ?? slot.floor)
            }
        } else if let floor {
            // It is not kept, but given out, so that what is older must not be given any more.
            store(key) { slot in
                slot.floor = floor
                if slot.entry?.reading.rank?.isOlder(than: floor.rank) == true { slot.entry = nil }
            }
        }
        trim(at: moment)
        let hit = isCurrent ? hit(entry, .fresh, of: key, at: moment) : CacheHit(entry, .fresh)
        return take(flight.waiters).map { ($0.continuation, .success(hit)) }
    }

    /// Remembers that a read failed, unless the key was invalidated since it began.
    ///
    /// With `isOutdated` it brought an older value than one that was given out; then what there is now will do.
    mutating func fail(
        _ number: UInt64,
        _ error: any Error,
        _ handling: CacheFailureHandling,
        at moment: CacheMoment,
        isOutdated: Bool = false
    ) -> [Resumption] {
        guard let (flight, isCurrent) = end(number) else { return [] }
        statistics.failures += 1
        // Failures before the source was seen to be back count no more: what fails once while it starts would otherwise
        // have to wait as long as after minutes of outage.
        let previous = (isCurrent ? slot(of: flight.key)?.failure : nil)
            .flatMap { $0.recoveries == flight.recoveries ? $0.count : nil }
        let failure = CacheFailure(
            error: error,
            handling: handling,
            count: (previous ?? 0) + 1,
            retryFrom: moment.now + handling.window(after: previous ?? 0, policy, random: random()),
            recoveries: flight.recoveries
        )
        if isCurrent {
            store(flight.key) { slot in
                // An absence lets weaker sources answer, which an outage must not: from now on nobody knows.
                if slot.entry?.reading.isAbsence == true { slot.entry = nil }
                if !failure.isPassing {
                    if slot.entry?.isGood(at: moment) == true { slot.entry?.endGrace() } else { slot.entry = nil }
                }
                slot.failure = failure
            }
            trim(at: moment)
        }
        let entry = isCurrent || isOutdated ? slot(of: flight.key)?.entry : nil
        return take(flight.waiters)
            .map { waiter in
                guard let hit = bridge(flight.key, entry, over: failure, waiter.maximumAge, at: moment) else {
                    return (waiter.continuation, .failure(error))
                }
                statistics.hitsOnError += 1
                return (waiter.continuation, .success(hit))
            }
    }

    /// Forgets a key; gives the read that nobody waits for any more.
    mutating func invalidate(_ key: Key) -> Task<Void, Never>? {
        forgettings += 1
        if slot(of: key)?.isKnown == true {
            // What older values are held against stays.
            change(key) { ($0.entry, $0.failure) = (nil, nil) }
            statistics.invalidations += 1
        }
        guard let number = joinable.removeValue(forKey: key), flights[number]?.waiters.isEmpty == true else {
            return nil
        }
        return end(number)?.flight.task
    }

    /// Forgets keys; looks at all of them.
    mutating func invalidate(where isPicked: (Key) -> Bool) -> [Task<Void, Never>] {
        forgettings += 1
        let keys = Set(slots.keys).union(joinable.keys)
        return keys.filter(isPicked).compactMap { invalidate($0) }
    }

    /// Takes a read off the list; nil if it was abandoned.
    private mutating func end(_ number: UInt64) -> (flight: Flight, isCurrent: Bool)? {
        guard let flight = flights.removeValue(forKey: number) else { return nil }
        flight.patience?.cancel()
        flight.deadline?.cancel()
        let isCurrent = joinable[flight.key] == number
        if isCurrent { joinable[flight.key] = nil }
        return (flight, isCurrent)
    }

    private mutating func take(_ numbers: Set<UInt64>) -> [Waiter] {
        numbers.sorted().compactMap { removeWaiter($0) }
    }
}

extension CacheFailureHandling {
    /// How long no other read is tried after so many failures in a row, and one more.
    func window(after failures: Int, _ policy: CachePolicy, random: Double) -> Duration {
        let (shortest, longest) = (policy.failureBackoff.lowerBound, policy.failureBackoff.upperBound)
        guard case .passing(let retryAfter) = self else { return shortest }
        var window = shortest
        // Doubling an attosecond this often takes it past a hundred years, so more failures make no difference.
        for _ in 0..<min(failures, 100) where window < longest { window += window }
        let spread = min(window, longest) * (1 - policy.jitter * random)
        // What the source asks for is honoured up to the bound: it might ask for a year.
        return max(spread, shortest, min(retryAfter ?? .zero, longest))
    }
}
