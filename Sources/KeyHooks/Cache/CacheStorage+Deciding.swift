import ExtensionHooks
import Foundation

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
        guard let slot = slots[key] else { return CacheDecision(outcome: .load) }
        // The window in which the last failure stands for the source.
        let failure = slot.failure.flatMap { now < $0.retryFrom ? $0 : nil }
        guard let entry = slot.entry, maximumAge.map({ now - entry.loaded < $0 }) ?? true else {
            return decideWithout(failure)
        }
        switch entry.state(at: now, date()) {
        case .fresh:
            use(key)
            statistics.hits += 1
            return CacheDecision(outcome: .hit(hit(entry, .fresh, at: now)))
        case .stale:
            use(key)
            statistics.staleHits += 1
            let needsRefresh = failure == nil && joinable[key] == nil
            return CacheDecision(outcome: .hit(hit(entry, .stale, at: now)), needsRefresh: needsRefresh)
        case .expired:
            guard let failure, let hit = bridge(entry, over: failure, maximumAge, at: now, date()) else {
                return decideWithout(failure)
            }
            use(key)
            statistics.hitsOnError += 1
            return CacheDecision(outcome: .hit(hit))
        case .dead:
            forget(key)
            return decideWithout(failure)
        }
    }

    private mutating func decideWithout(_ failure: CacheFailure?) -> CacheDecision<Value> {
        guard let failure else { return CacheDecision(outcome: .load) }
        statistics.backedOff += 1
        return CacheDecision(outcome: .failure(failure.error))
    }

    private mutating func use(_ key: Key) {
        let number = nextNumber()
        slots[key]?.lastUse = number
    }

    func summary(of key: Key, _ now: Duration, date: Date) -> CacheEntrySummary? {
        let slot = slots[key]
        guard slot != nil || joinable[key] != nil else { return nil }
        return CacheEntrySummary(
            state: slot?.entry?.state(at: now, date),
            isAbsence: slot?.entry?.isAbsence ?? false,
            loadedAt: slot?.entry?.loadedAt,
            age: (slot?.entry?.loaded).map { now - $0 },
            expiresIn: (slot?.entry?.expiredFrom).map { $0 - now },
            failureCount: slot?.failure?.count ?? 0,
            retryIn: slot?.failure.flatMap { $0.retryFrom > now ? $0.retryFrom - now : nil },
            failure: slot?.failure.map { valueFreeDescription(of: $0.error) },
            isLoading: joinable[key] != nil
        )
    }
}
