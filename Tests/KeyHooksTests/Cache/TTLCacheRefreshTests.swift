import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

/// Renewing in the background.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheRefreshTests {
    @Test func `A stale value is served while exactly one read renews it`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(80)
        fixture.source.hold()
        for _ in 1...20 { #expect(await fixture.outcome() == "a1 stale") }
        try await until { fixture.source.heldCount == 1 }
        #expect(fixture.source.count == 2)
        fixture.source.releaseAll()
        try await fixture.settle()
        #expect(await fixture.outcome() == "a2 fresh")
        #expect(fixture.source.count == 2)
        #expect(fixture.cache.statistics.refreshes == 1)
    }

    @Test func `A fresh value is not renewed`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advanceJustBefore(75)
        #expect(await fixture.outcome() == "a1 fresh")
        #expect(fixture.cache.summary(of: "a")?.isLoading == false)
    }

    @Test func `Nothing is renewed that nobody reads`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(80)
        #expect(fixture.cache.summary(of: "a")?.isLoading == false)
        #expect(fixture.source.count == 1)
    }

    @Test(arguments: [
        (ahead: 0.0, jitter: 0.0, random: 1.0, staleFrom: 100.0),
        (ahead: 0.25, jitter: 0.125, random: 0, staleFrom: 75),
        (ahead: 0.25, jitter: 0.125, random: 0.5, staleFrom: 68.75),
        (ahead: 0.25, jitter: 0.125, random: 1, staleFrom: 62.5),
        (ahead: 0.0, jitter: 0.25, random: 1, staleFrom: 75),
        (ahead: 0.75, jitter: 1, random: 1, staleFrom: 0),
        (ahead: 1.0, jitter: 0, random: 0, staleFrom: 0),
    ])
    func `The share and the random set the moment`(
        ahead: Double,
        jitter: Double,
        random: Double,
        staleFrom: Double
    ) async throws {
        let fixture = try CacheFixture(random: random) { policy in
            policy.refreshAhead = ahead
            policy.jitter = jitter
        }
        #expect(await fixture.outcome() == "a1 fresh")
        if staleFrom > 0 {
            fixture.advanceJustBefore(staleFrom)
            #expect(fixture.cache.summary(of: "a")?.state == .fresh)
            fixture.clock.advance(by: tick)
        }
        #expect(fixture.cache.summary(of: "a")?.state == (staleFrom < 100 ? .stale : .expired))
        // The jitter moves the beginning of the last share alone.
        fixture.advanceJustBefore(100 - staleFrom)
        if staleFrom < 100 { #expect(fixture.cache.summary(of: "a")?.state == .stale) }
    }

    @Test func `A share of one renews with each read and makes none wait`() async throws {
        let fixture = try CacheFixture { $0.refreshAhead = 1 }
        #expect(await fixture.outcome() == "a1 fresh")
        for number in 1...3 {
            #expect(await fixture.outcome() == "a\(number) stale")
            try await fixture.settle()
        }
        #expect(fixture.source.count == 4)
    }

    @Test func `A refresh that fails keeps the value until the end of its TTL`() async throws {
        let fixture = try CacheFixture { $0.staleIfError = .zero }
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(80)
        #expect(await fixture.outcome() == "a1 stale")
        try await fixture.settle()
        #expect(await fixture.outcome() == "a1 stale")
        #expect(fixture.cache.summary(of: "a")?.failureCount == 1)
        fixture.advance(20)
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test func `A refresh that failed is tried again after the back-off alone`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(80)
        for _ in 1...5 {
            _ = try await fixture.read()
            try await fixture.settle()
        }
        #expect(fixture.source.count == 2)
        fixture.source.recover()
        fixture.advance(1)
        #expect(await fixture.outcome() == "a1 stale")
        try await fixture.settle()
        #expect(await fixture.outcome() == "a3 fresh")
    }

    @Test func `A reader of an expired value joins the refresh under way`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(99.98)
        fixture.source.hold()
        _ = try await fixture.read()
        fixture.advance(0.02)
        async let late = fixture.outcome()
        try await until { fixture.cache.statistics.misses == 2 }
        fixture.source.releaseAll()
        #expect(await late == "a2 fresh")
        #expect(fixture.source.count == 2)
    }
}
