import ClockTestSupport
import Testing

@testable import KeyHooks

/// What happens for each read takes no longer because there are many keys.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TTLCacheScaleTests {
    /// The best time of a few tries for something done with so many keys.
    private func time(_ count: Int, _ body: (Int) async throws -> Void) async throws -> Duration {
        var best = Duration.seconds(3600)
        for _ in 1...3 {
            let clock = ContinuousClock()
            let start = clock.now
            try await body(count)
            best = min(best, clock.now - start)
        }
        return best
    }

    /// Eight times as many take at most twenty times as long: with the square they would take 64 times.
    private func expectLinear(_ body: (Int) async throws -> Void) async throws {
        let few = try await time(2_500, body)
        let many = try await time(20_000, body)
        #expect(many < few * 20, "\(few) for 2,500, \(many) for 20,000")
    }

    private func cache(_ capacity: Int, _ clock: ManualClock = ManualClock()) throws -> TTLCache<Int, Int> {
        try TTLCache(policy: CachePolicy(jitter: 0, capacity: capacity), clock: clock) { .value($0) }
    }

    @Test func `Keys that were never read`() async throws {
        try await expectLinear { count in
            let cache = try cache(count)
            for key in 0..<count { _ = try await cache.value(for: key) }
            #expect(cache.statistics.count == count)
        }
    }

    @Test func `More keys than there is room for`() async throws {
        try await expectLinear { count in
            let cache = try cache(count / 2)
            for key in 0..<count { _ = try await cache.value(for: key) }
            #expect(cache.statistics.evictions == count - count / 2)
        }
    }

    @Test func `Keys that have died`() async throws {
        try await expectLinear { count in
            let clock = ManualClock()
            let cache = try cache(count, clock)
            for key in 0..<count {
                clock.advance(by: .seconds(1))
                _ = try await cache.value(for: key)
            }
            // Those of the last five minutes.
            #expect(cache.statistics.count == min(count, 300))
        }
    }

    @Test func `Renewals, and keys that are forgotten one by one`() async throws {
        try await expectLinear { count in
            let cache = try cache(count)
            for key in 0..<count { _ = try await cache.value(for: key) }
            for key in 0..<count { _ = try await cache.value(for: key, maximumAge: .zero) }
            for key in 0..<count { cache.invalidate(key) }
            #expect(cache.statistics.count == 0)
        }
    }

    @Test func `Moments are taken in order, and those that count no more are dropped`() throws {
        var generator = SystemRandomNumberGenerator()
        var sweeps = CacheSweeps()
        let moments = (0..<1_000).map { _ in Int.random(in: 0..<300, using: &generator) }
        for (place, moment) in moments.enumerated() {
            sweeps.add(CacheSweeps.Item(moment: .seconds(moment), place: place, number: UInt64(place)))
        }
        sweeps.keep { $0.place % 3 != 0 }
        var taken: [Int] = []
        for now in [100, 299] {
            while let item = sweeps.next(at: .seconds(now)) {
                #expect(item.moment <= .seconds(now))
                taken.append(moments[item.place])
            }
        }
        #expect(taken == moments.enumerated().filter { $0.offset % 3 != 0 }.map(\.element).sorted())
        #expect(sweeps.count == 0)
    }

    @Test func `Moments that were overtaken do not pile up`() {
        let stamps = CacheStamps(capacity: 1)
        defer { stamps.deallocate() }
        var storage = CacheStorage<Int, Int>(stamps: stamps)
        for _ in 1...10_000 {
            storage.store(1) { $0.floor = CacheFloor(rank: CacheRank(version: 1), end: .seconds(1)) }
        }
        #expect(storage.sweepCount < 100)
    }
}
