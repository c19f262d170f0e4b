import KeyHooks
import Testing

/// Forgetting, also against reads under way.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheInvalidationTests {
    @Test func `A forgotten key is read again, and only that`() async throws {
        let fixture = try CacheFixture()
        for key in ["a", "b"] { _ = try await fixture.read(key) }
        fixture.cache.invalidate("a")
        fixture.cache.invalidate("unknown")
        #expect(fixture.cache.summary(of: "a") == nil)
        #expect(await fixture.outcome("a") == "a3 fresh")
        #expect(await fixture.outcome("b") == "b2 fresh")
        #expect(fixture.cache.statistics.invalidations == 1)
    }

    @Test func `Everything can be forgotten, or what a closure picks`() async throws {
        let fixture = try CacheFixture()
        for key in ["a", "b", "c"] { _ = try await fixture.read(key) }
        fixture.cache.invalidate { $0 < "c" }
        #expect(fixture.cache.statistics.count == 1)
        #expect(fixture.cache.peek("c")?.content == "c3")
        fixture.cache.invalidateAll()
        #expect(fixture.cache.statistics.count == 0)
        #expect(fixture.cache.statistics.invalidations == 3)
    }

    @Test func `A forgotten value does not come back with an outage`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.cache.invalidate("a")
        fixture.source.fail()
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test func `A value is forgotten if it is still the bad one`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.cache.invalidate("a") { $0.content == "another" }
        fixture.cache.invalidate("b") { _ in true }
        #expect(await fixture.outcome() == "a1 fresh")
        fixture.cache.invalidate("a") { $0.content == "a1" }
        #expect(fixture.cache.peek("a") == nil)
        #expect(fixture.cache.statistics.invalidations == 1)
    }

    @Test(arguments: [true, false]) func `A refresh that nobody waits for is cancelled`(isConditional: Bool)
        async throws
    {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(80)
        fixture.source.hold()
        defer { fixture.source.releaseAll() }
        _ = try await fixture.read()
        try await until { fixture.source.heldCount == 1 }
        if isConditional { fixture.cache.invalidate("a") { _ in true } } else { fixture.cache.invalidate("a") }
        #expect(fixture.source.cancelled == [2])
        fixture.source.release(2)
        #expect(fixture.cache.summary(of: "a") == nil)
    }

    @Test(arguments: [true, false])
    func `Who waits gets what the read brings, and it is not kept`(isAll: Bool) async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        let reader = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        if isAll { fixture.cache.invalidateAll() } else { fixture.cache.invalidate("a") }
        #expect(fixture.source.cancelled.isEmpty)
        fixture.source.releaseAll()
        #expect(await reader.value == "a1 fresh")
        #expect(fixture.cache.summary(of: "a") == nil)
        #expect(await fixture.outcome() == "a2 fresh")
    }

    @Test func `A failure of a forgotten read is not remembered`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        fixture.source.fail()
        let reader = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        fixture.cache.invalidate("a")
        fixture.source.releaseAll()
        #expect(await reader.value == "unavailable")
        #expect(fixture.cache.summary(of: "a") == nil)
    }

    @Test(arguments: [true, false])
    func `The read from before never overwrites the one from after`(isOldLast: Bool) async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        defer { fixture.source.releaseAll() }
        let old = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        fixture.cache.invalidate("a")
        let new = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 2 }
        for number in isOldLast ? [2, 1] : [1, 2] {
            fixture.source.release(number)
            #expect(await (number == 1 ? old : new).value == "a\(number) fresh")
        }
        #expect(fixture.cache.peek("a")?.content == "a2")
    }

    @Test func `An old failure does not touch a new value`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        defer { fixture.source.releaseAll() }
        let old = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        fixture.cache.invalidate("a")
        let new = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 2 }
        fixture.source.release(2)
        #expect(await new.value == "a2 fresh")
        fixture.source.release(1) { _, _ in throw denial }
        #expect(await old.value == "denied")
        #expect(fixture.cache.summary(of: "a")?.failureCount == 0)
        #expect(await fixture.outcome() == "a2 fresh")
    }
}
