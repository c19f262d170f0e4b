import Synchronization
import Testing

@testable import KeyHooks

/// Whoever asks after somebody has been given a value gets none that is older, copies included.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheMonotonyTests {
    private static let keys = 20

    /// The newest version of each key that anybody was given, and how often it was a copy.
    private final class Seen: Sendable {
        let copies = Atomic(0)
        private let newest = Mutex(Array(repeating: 0, count: keys))

        subscript(key: Int) -> Int { newest.withLock { $0[key] } }

        func note(_ version: Int, of key: Int) {
            newest.withLock { $0[key] = max($0[key], version) }
        }
    }

    /// Reads as a plugin does: from the copies of the present thread, then from the cache, then from the source.
    private func read(
        _ key: Int,
        _ cache: TTLCache<Int, Int>,
        _ memo: ThreadMemo<Int, Int>,
        _ seen: Seen
    ) async throws -> Int {
        if let version = memo.value(for: key) {
            seen.copies.add(1, ordering: .relaxed)
            return version
        }
        if let hit = try cache.immediateValue(for: key) {
            if let ticket = hit.ticket { memo.keep(hit.value, for: key, ticket) }
            return hit.value
        }
        return try await cache.value(for: key).value
    }

    /// Readers beside a source whose values grow and that answers with an old one now and then.
    private func hammer(_ policy: CachePolicy, seconds: Double, lags: Bool) async throws -> (copies: Int, loads: Int) {
        let versions = Mutex(Array(repeating: 1, count: Self.keys))
        let cache = TTLCache<Int, Int>(
            policy: policy,
            load: { key, _ in
                let version = versions.withLock { versions in
                    versions[key] += 1
                    return versions[key]
                }
                for _ in 0..<(version % 4) { await Task.yield() }
                var load = SourceReading.value(lags && version % 3 == 0 ? version - 2 : version)
                load.rank = CacheRank(version: load.content ?? 0)
                return load
            }
        )
        let memo = ThreadMemo<Int, Int>(capacity: 8, cache.tickets)
        let seen = Seen()
        let clock = ContinuousClock()
        // A slow machine reads for longer, until it has seen enough of both.
        let latest = clock.now + .seconds(200)
        let isEnough = { @Sendable in
            cache.statistics.loads > 10 * Self.keys && seen.copies.load(ordering: .relaxed) > 10 * Self.keys
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reader in 0..<4 {
                group.addTask {
                    var reads = 0
                    let end = clock.now + .seconds(seconds)
                    while clock.now < end || (!isEnough() && clock.now < latest) {
                        for step in 0..<64 {
                            let key = (reader * 5 + step * 7) % Self.keys
                            let floor = seen[key]
                            do {
                                let version = try await self.read(key, cache, memo, seen)
                                if version < floor { Issue.record("\(version) after \(floor)") }
                                seen.note(version, of: key)
                            } catch let error as KeyResolutionError {
                                // The source lagged behind, and nothing good was kept.
                                #expect(lags && error.code == .outdated)
                            }
                            reads += 1
                            if (reads + reader) % 997 == 0 { cache.invalidate(key) }
                        }
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        return (seen.copies.load(ordering: .relaxed), cache.statistics.loads)
    }

    @Test(arguments: [false, true]) func `No value is followed by an older one`(lags: Bool) async throws {
        let policy = CachePolicy(
            timeToLive: .milliseconds(20),
            staleIfError: .seconds(1),
            failureBackoff: .milliseconds(1)...(.milliseconds(5))
        )
        let (copies, loads) = try await hammer(policy, seconds: 1.5, lags: lags)
        // Otherwise it was no test of copies, or none of changes.
        #expect(copies > 10 * Self.keys && loads > 10 * Self.keys, "\(copies) copies, \(loads) loads")
    }
}
