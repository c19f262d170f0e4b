import Foundation
import KeyHooks
import Testing

/// What the cache counts, and what it says of a key.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheStatisticsTests {
    typealias Step = @Sendable (CacheFixture) async throws -> Void

    static let read: Step = { _ = await $0.outcome() }
    static let fail: Step = { $0.source.fail() }
    static let settle: Step = { try await $0.settle() }

    static func wait(_ seconds: Double) -> Step { { $0.advance(seconds) } }

    static func expect(_ change: (inout CacheStatistics) -> Void) -> CacheStatistics {
        var statistics = CacheStatistics()
        change(&statistics)
        return statistics
    }

    static let table: [(name: String, steps: [Step], expected: CacheStatistics)] = [
        ("nothing", [], expect { _ in }),
        ("a miss", [read], expect { ($0.misses, $0.loads, $0.count) = (1, 1, 1) }),
        ("hits", [read, read, read], expect { ($0.misses, $0.loads, $0.hits, $0.count) = (1, 1, 2, 1) }),
        (
            "a stale hit", [read, wait(80), read, settle],
            expect { ($0.misses, $0.loads, $0.staleHits, $0.refreshes, $0.count) = (1, 2, 1, 1, 1) }
        ),
        (
            "hits on error: one from the source, one from memory", [read, wait(100), fail, read, read],
            expect { ($0.misses, $0.loads, $0.hitsOnError, $0.failures, $0.count) = (2, 2, 2, 1, 1) }
        ),
        (
            "backed off", [fail, read, read, read],
            expect { ($0.misses, $0.loads, $0.backedOff, $0.failures) = (1, 1, 2, 1) }
        ),
        (
            "an eviction", [read, { _ = await $0.outcome("b") }, { _ = await $0.outcome("c") }],
            expect { ($0.misses, $0.loads, $0.evictions, $0.evictionsInUse, $0.count) = (3, 3, 1, 1, 2) }
        ),
        (
            "an invalidation", [read, { $0.cache.invalidateAll() }],
            expect { ($0.misses, $0.loads, $0.invalidations) = (1, 1, 1) }
        ),
        (
            "an absence", [{ $0.source.bring(.absence("")) }, read, read],
            expect { ($0.misses, $0.loads, $0.hits, $0.count) = (1, 1, 1, 1) }
        ),
    ]

    @Test(arguments: table.indices) func `Statistics add up`(index: Int) async throws {
        let (name, steps, expected) = Self.table[index]
        let fixture = try CacheFixture { $0.capacity = 2 }
        for step in steps { try await step(fixture) }
        #expect(fixture.cache.statistics == expected, "\(name)")
        #expect(fixture.cache.statistics.loads == fixture.source.count)
    }

    @Test func `The sum of two caches has the sum of each member`() throws {
        let names = try #require(
            JSONSerialization.jsonObject(with: JSONEncoder().encode(CacheStatistics())) as? [String: Int]
        )
        let one = try JSONDecoder()
            .decode(CacheStatistics.self, from: JSONSerialization.data(withJSONObject: names.mapValues { _ in 3 }))
        let two = try JSONDecoder()
            .decode(CacheStatistics.self, from: JSONSerialization.data(withJSONObject: names.mapValues { _ in 6 }))
        // No member was forgotten.
        #expect(one + one == two)
        #expect(one + CacheStatistics() == one)
    }

    @Test func `A summary tells all of a key but the value`() async throws {
        let fixture = try CacheFixture()
        #expect(fixture.cache.summary(of: "a") == nil)
        let readAt = fixture.date.now
        _ = try await fixture.read()
        for (age, state) in [(10.0, CacheEntryState.fresh), (80, .stale), (120, .expired), (150, .dead)] {
            fixture.advance(age - (fixture.date.now.timeIntervalSince(readAt)))
            let summary = try #require(fixture.cache.summary(of: "a"))
            #expect(summary.state == state && !summary.isAbsence && !summary.isLoading)
            #expect(summary.age == .seconds(age))
            #expect(summary.expiresIn == .seconds(100 - age))
            #expect(summary.failureCount == 0 && summary.failure == nil && summary.retryIn == nil)
        }
        // It neither counts as a read nor begins one.
        #expect(fixture.cache.statistics.hits == 0 && fixture.cache.statistics.loads == 1)
    }

    @Test func `A summary tells of failures and reads under way`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        let reader = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        let loading = try #require(fixture.cache.summary(of: "a"))
        #expect(loading.isLoading && loading.state == nil && loading.age == nil)
        fixture.source.fail()
        fixture.source.releaseAll()
        _ = await reader.value
        let failed = try #require(fixture.cache.summary(of: "a"))
        #expect(!failed.isLoading && failed.state == nil && failed.expiresIn == nil)
        #expect(failed.failureCount == 1 && failed.retryIn == .seconds(1))
        #expect(failed.failure?.contains("the vault is down") == true)
        fixture.advance(1)
        #expect(fixture.cache.summary(of: "a")?.retryIn == nil)
        fixture.source.bring(.absence("nothing"))
        _ = await fixture.outcome()
        #expect(fixture.cache.summary(of: "a")?.isAbsence == true)
    }
}
