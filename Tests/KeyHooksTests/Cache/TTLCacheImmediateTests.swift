import KeyHooks
import Testing

/// Reading without waiting.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheImmediateTests {
    @Test func `Without a value there is none, and nothing is begun`() throws {
        let fixture = try CacheFixture()
        #expect(try fixture.cache.immediateValue(for: "a") == nil)
        #expect(fixture.cache.summary(of: "a") == nil)
        #expect(fixture.cache.statistics == CacheStatistics())
    }

    @Test func `A fresh value is given`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        #expect(try fixture.cache.immediateValue(for: "a")?.value == "a1")
        #expect(try fixture.cache.immediateValue(for: "a", maximumAge: .zero) == nil)
        #expect(fixture.source.count == 1)
    }

    @Test func `A stale value is given and renewed in the background`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(80)
        fixture.source.hold()
        for _ in 1...3 { #expect(try fixture.cache.immediateValue(for: "a")?.state == .stale) }
        #expect(fixture.cache.statistics.refreshes == 1)
        try await until { fixture.source.heldCount == 1 }
        fixture.source.releaseAll()
        try await fixture.settle()
        #expect(try fixture.cache.immediateValue(for: "a")?.value == "a2")
    }

    @Test func `It never waits for a read under way`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        async let reader = fixture.outcome()
        try await until { fixture.source.heldCount == 1 }
        #expect(try fixture.cache.immediateValue(for: "a") == nil)
        fixture.source.releaseAll()
        #expect(await reader == "a1 fresh")
    }

    @Test func `An expired value is given only once the source has failed`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(100)
        #expect(try fixture.cache.immediateValue(for: "a") == nil)
        fixture.source.fail()
        _ = await fixture.outcome()
        #expect(try fixture.cache.immediateValue(for: "a")?.state == .expired)
        fixture.advance(1)
        fixture.source.recover()
        #expect(try fixture.cache.immediateValue(for: "a")?.state == .expired)
        try await fixture.settle()
        #expect(try fixture.cache.immediateValue(for: "a")?.value == "a3")
    }

    @Test func `In a window of failure it throws what the source threw`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail(denial)
        _ = await fixture.outcome()
        let error = try await failure { try fixture.cache.immediateValue(for: "a")?.value }
        #expect(error.code == .denied)
        fixture.advance(1)
        #expect(try fixture.cache.immediateValue(for: "a") == nil)
        #expect(fixture.source.count == 1)
    }

    @Test func `An absence is given as one`() async throws {
        let fixture = try CacheFixture()
        fixture.source.bring(.absence("nothing"))
        _ = await fixture.outcome()
        #expect(try fixture.cache.immediateValue(for: "a")?.isAbsence == true)
    }
}
