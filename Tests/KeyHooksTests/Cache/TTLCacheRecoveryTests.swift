import KeyHooks
import Testing

/// A source that was seen to be back is asked at once, whatever windows there are.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheRecoveryTests {
    @Test func `It ends the windows of all keys`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail()
        for key in ["a", "b"] { #expect(await fixture.outcome(key) == "unavailable") }
        fixture.source.recover()
        #expect(await fixture.outcome("a") == "unavailable")
        #expect(fixture.cache.summary(of: "a")?.retryIn == .seconds(1))
        fixture.cache.sourceRecovered()
        #expect(fixture.cache.summary(of: "a")?.retryIn == nil)
        #expect(await fixture.outcome("a") == "a3 fresh")
        #expect(await fixture.outcome("b") == "b4 fresh")
    }

    @Test func `An expired value is renewed in the background by the next reader`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(100)
        #expect(await fixture.outcome() == "a1 expired")
        fixture.source.recover()
        fixture.cache.sourceRecovered()
        #expect(fixture.source.count == 2)
        #expect(await fixture.outcome() == "a1 expired")
        try await fixture.settle()
        #expect(await fixture.outcome() == "a3 fresh")
    }

    @Test func `What failed before counts no more`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail()
        for seconds in [1, 2, 4, 8, 8] {
            #expect(await fixture.outcome() == "unavailable")
            #expect(fixture.cache.summary(of: "a")?.retryIn == .seconds(seconds))
            fixture.advance(Double(seconds))
        }
        fixture.cache.sourceRecovered()
        for seconds in [1, 2] {
            #expect(await fixture.outcome() == "unavailable")
            #expect(fixture.cache.summary(of: "a")?.retryIn == .seconds(seconds))
            fixture.advance(Double(seconds))
        }
    }

    @Test func `A read that began before has no window`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        fixture.source.fail()
        let reader = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        fixture.cache.sourceRecovered()
        fixture.source.releaseAll()
        #expect(await reader.value == "unavailable")
        fixture.source.recover()
        #expect(await fixture.outcome() == "a2 fresh")
    }

    @Test func `A refusal is no outage, and keeps its window`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail(denial)
        #expect(await fixture.outcome() == "denied")
        fixture.source.recover()
        fixture.cache.sourceRecovered()
        #expect(await fixture.outcome() == "denied")
        #expect(fixture.source.count == 1)
    }

    @Test func `Good values are not read again`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.cache.sourceRecovered()
        #expect(await fixture.outcome() == "a1 fresh")
        #expect(fixture.source.count == 1)
    }
}
