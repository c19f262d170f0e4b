import KeyHooks
import KeyHooksTesting
import Testing

/// Good values that had to go are reported now and then.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheCrowdingTests {
    @Test func `They are reported once in five minutes, with their number`() async throws {
        let fixture = try CacheFixture { $0.capacity = 2 }
        for key in ["a", "b"] { _ = try await fixture.read(key) }
        #expect(fixture.cache.takeEvictionsInUse() == nil)
        for key in ["c", "d"] { _ = try await fixture.read(key) }
        #expect(fixture.cache.takeEvictionsInUse() == 2)
        _ = try await fixture.read("e")
        #expect(fixture.cache.takeEvictionsInUse() == nil)
        fixture.clock.advance(by: .seconds(300) - tick)
        #expect(fixture.cache.takeEvictionsInUse() == nil)
        fixture.clock.advance(by: tick)
        #expect(fixture.cache.takeEvictionsInUse() == 1)
        #expect(fixture.cache.takeEvictionsInUse() == nil)
    }

    @Test func `What has expired or failed may go`() async throws {
        let fixture = try CacheFixture { $0.capacity = 1 }
        _ = try await fixture.read("a")
        fixture.advance(100)
        _ = try await fixture.read("b")
        #expect(fixture.cache.statistics.evictions == 1)
        fixture.source.fail()
        fixture.cache.invalidate("b")
        for key in ["c", "d"] { _ = await fixture.outcome(key) }
        #expect(fixture.cache.statistics.evictions == 2)
        #expect(fixture.cache.statistics.evictionsInUse == 0)
        #expect(fixture.cache.takeEvictionsInUse() == nil)
    }
}
