import ExtensionHooks
import LightFoundation

/// What a read of a key comes to before the source is asked.
struct CacheDecision<Value: Sendable> {
    enum Outcome {
        case hit(CacheHit<Value>)
        case failure(any Error)
        case load
    }

    let outcome: Outcome
    var needsRefresh = false
}

extension CacheDecision.Outcome: CustomReflectable {
    /// Leaves the value out, and the failure, whose text may hold anything.
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension CacheStorage {
    mutating func decide(
        _ key: Key,
        _ maximumAge: Duration?,
        _ now: Duration,
        date: () -> Date
    ) -> CacheDecision<Value> {
        guard let slot = slot(of: key) else { return CacheDecision(outcome: .load) }
        // The failure that stands for the source until its window ends.
        let standing = slot.failure.flatMap { isInWindow($0, at: now) ? $0 : nil }
        guard let entry = slot.entry, maximumAge.map({ now - entry.loaded < $0 }) ?? true else {
            return decideWithout(standing)
        }
        let mayBegin = standing == nil && joinable[key] == nil
        switch entry.state(at: now, date()) {
        case .fresh:
            use(key)
            statistics.hits += 1
            return CacheDecision(outcome: .hit(hit(entry, .fresh, of: key, at: now)))
        case .stale:
            use(key)
            statistics.staleHits += 1
            return CacheDecision(outcome: .hit(hit(entry, .stale, of: key, at: now)), needsRefresh: mayBegin)
        case .expired:
            guard
                let hit = bridge(key, entry, over: slot.failure ?? slowness(of: key, at: now), maximumAge, now, date())
            else { return decideWithout(standing) }
            use(key)
            statistics.hitsOnError += 1
            return CacheDecision(outcome: .hit(hit), needsRefresh: mayBegin)
        case .dead:
            forget(key)
            return decideWithout(standing)
        }
    }

    private mutating func decideWithout(_ failure: CacheFailure?) -> CacheDecision<Value> {
        guard let failure else { return CacheDecision(outcome: .load) }
        statistics.backedOff += 1
        return CacheDecision(outcome: .failure(failure.error))
    }

    /// Whether no other read is tried yet after one that failed.
    private func isInWindow(_ failure: CacheFailure, at now: Duration) -> Bool {
        now < failure.retryFrom && !(failure.isPassing && failure.recoveries < recoveries)
    }

    /// What stands for the failure of a read under way that has held readers up for long enough.
    private mutating func slowness(of key: Key, at now: Duration) -> CacheFailure? {
        guard let number = joinable[key], let flight = flights[number], now >= flight.slowFrom else { return nil }
        // Whoever comes is served without it, so it must go on even if those who wait give up.
        flights[number]?.isRefresh = true
        return .slowness
    }

    /// What may be served of an entry although the source failed; nil if nothing may.
    func bridge(
        _ key: Key,
        _ entry: CacheEntry<Value>?,
        over failure: CacheFailure?,
        _ maximumAge: Duration?,
        _ now: Duration,
        _ date: @autoclosure () -> Date
    ) -> CacheHit<Value>? {
        guard let entry, !entry.isAbsence, let failure, failure.isPassing else { return nil }
        if let maximumAge, now - entry.loaded >= maximumAge { return nil }
        switch entry.state(at: now, date()) {
        case .fresh: return hit(entry, .fresh, of: key, at: now)
        case .stale: return hit(entry, .stale, of: key, at: now)
        case .expired: return hit(entry, .expired, of: key, at: now, failure: failure.error)
        case .dead: return nil
        }
    }

    func summary(of key: Key, _ now: Duration, date: Date) -> CacheEntrySummary? {
        let slot = slot(of: key)
        guard slot?.isKnown == true || joinable[key] != nil else { return nil }
        return CacheEntrySummary(
            state: slot?.entry?.state(at: now, date),
            isAbsence: slot?.entry?.isAbsence ?? false,
            loadedAt: slot?.entry?.loadedAt,
            age: (slot?.entry?.loaded).map { now - $0 },
            expiresIn: (slot?.entry?.expiredFrom).map { $0 - now },
            failureCount: slot?.failure?.count ?? 0,
            retryIn: slot?.failure.flatMap { isInWindow($0, at: now) ? $0.retryFrom - now : nil },
            failure: slot?.failure.map { valueFreeDescription(of: $0.error) },
            isLoading: joinable[key] != nil
        )
    }
}
