import KeyHooks
import Testing

/// A reader may want a value younger than the TTL allows.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheMaximumAgeTests {
    @Test func `The bound itself is too old`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(30)
        #expect(await fixture.outcome(maximumAge: .seconds(30) + tick) == "a1 fresh")
        #expect(await fixture.outcome(maximumAge: .seconds(30)) == "a2 fresh")
        // What it brought is for everybody.
        #expect(await fixture.outcome() == "a2 fresh")
    }

    @Test(arguments: [Duration.zero, .seconds(-1)]) func `Zero asks the source each time`(age: Duration) async throws {
        let fixture = try CacheFixture()
        for number in 1...3 { #expect(await fixture.outcome(maximumAge: age) == "a\(number) fresh") }
    }

    @Test func `A longer age than the TTL changes nothing`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(100)
        #expect(await fixture.outcome(maximumAge: .seconds(10_000)) == "a2 fresh")
    }

    @Test func `A read under way will do`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        async let first = fixture.outcome()
        try await until { fixture.source.heldCount == 1 }
        async let second = fixture.outcome(maximumAge: .zero)
        try await until { fixture.cache.statistics.misses == 2 }
        fixture.source.releaseAll()
        #expect(await first == "a1 fresh")
        #expect(await second == "a1 fresh")
        #expect(fixture.source.count == 1)
    }

    @Test func `Others are served from memory meanwhile`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.hold()
        async let strict = fixture.outcome(maximumAge: .zero)
        try await until { fixture.source.heldCount == 1 }
        #expect(await fixture.outcome() == "a1 fresh")
        fixture.source.releaseAll()
        #expect(await strict == "a2 fresh")
    }

    @Test(arguments: [0.0, 50, 80, 120]) func `A failed read never gives the value that is too old`(age: Double)
        async throws
    {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(age)
        for maximumAge in [Duration.zero, .seconds(age)] {
            #expect(await fixture.outcome(maximumAge: maximumAge) == "unavailable")
        }
        // The others keep it.
        #expect(await fixture.outcome() == "a1 \(fixture.cache.summary(of: "a")?.state ?? .dead)")
        #expect(fixture.source.count == 2)
    }

    @Test func `A failed read gives an expired value that is young enough`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(110)
        #expect(await fixture.outcome(maximumAge: .seconds(111)) == "a1 expired")
    }

    @Test func `It keeps to the back-off`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail()
        for _ in 1...5 { #expect(await fixture.outcome(maximumAge: .zero) == "unavailable") }
        #expect(fixture.source.count == 1)
        fixture.advance(1)
        #expect(await fixture.outcome(maximumAge: .zero) == "unavailable")
        #expect(fixture.source.count == 2)
    }

    @Test func `It is counted from when the value was read`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        async let slow = fixture.outcome()
        try await until { fixture.source.heldCount == 1 }
        fixture.advance(60)
        fixture.source.releaseAll()
        #expect(await slow == "a1 fresh")
        fixture.advance(10)
        #expect(await fixture.outcome(maximumAge: .seconds(11)) == "a1 fresh")
    }
}
