import KeyHooks
import Testing

/// How much is kept.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheCapacityTests {
    private func kept(_ fixture: CacheFixture) -> String {
        "abcdef".map(String.init).filter { fixture.cache.peek($0) != nil }.joined()
    }

    @Test(arguments: [1, 2, 3, 10]) func `As many keys are kept as it says`(capacity: Int) async throws {
        let fixture = try CacheFixture { $0.capacity = capacity }
        for number in 1...20 {
            _ = try await fixture.read("key \(number)")
            #expect(fixture.cache.statistics.count == min(number, capacity))
        }
        #expect(fixture.cache.statistics.evictions == 20 - capacity)
        for number in 1...20 {
            #expect((fixture.cache.peek("key \(number)") != nil) == (number > 20 - capacity))
        }
    }

    @Test func `The least recently used key goes first`() async throws {
        let fixture = try CacheFixture { $0.capacity = 3 }
        for key in ["a", "b", "c", "a", "d"] { _ = try await fixture.read(key) }
        #expect(kept(fixture) == "acd")
        for key in ["c", "e"] { _ = try await fixture.read(key) }
        #expect(kept(fixture) == "cde")
    }

    @Test func `Renewing a key drops no other`() async throws {
        let fixture = try CacheFixture { $0.capacity = 2 }
        for key in ["a", "b"] { _ = try await fixture.read(key) }
        for _ in 1...5 { _ = try await fixture.read("b", maximumAge: .zero) }
        #expect(kept(fixture) == "ab")
        #expect(fixture.cache.statistics.evictions == 0)
    }

    @Test func `Looking is not using`() async throws {
        let fixture = try CacheFixture { $0.capacity = 2 }
        for key in ["a", "b"] { _ = try await fixture.read(key) }
        _ = fixture.cache.summary(of: "a")
        _ = fixture.cache.peek("a")
        _ = try await fixture.read("c")
        #expect(kept(fixture) == "bc")
    }

    @Test func `A stale or bridging value is used as well`() async throws {
        let fixture = try CacheFixture { $0.capacity = 2 }
        for key in ["a", "b"] { _ = try await fixture.read(key) }
        fixture.source.answer { key, _ in if key == "a" { throw outage } else { return .value(key) } }
        fixture.advance(100)
        for key in ["a", "b", "a"] { _ = try await fixture.read(key) }
        _ = try await fixture.read("c")
        #expect(kept(fixture) == "ac")
    }

    @Test func `Failures are bounded too`() async throws {
        let fixture = try CacheFixture { $0.capacity = 2 }
        fixture.source.fail()
        for key in ["a", "b", "c"] { #expect(await fixture.outcome(key) == "unavailable") }
        #expect(fixture.cache.summary(of: "a") == nil)
        #expect(fixture.cache.summary(of: "c")?.failureCount == 1)
    }

    @Test func `Dead values leave the memory with the next that is stored`() async throws {
        let fixture = try CacheFixture()
        for key in ["a", "b", "c"] { _ = try await fixture.read(key) }
        fixture.advance(149)
        _ = try await fixture.read("d")
        #expect(kept(fixture) == "abcd")
        fixture.advance(1)
        _ = try await fixture.read("e")
        #expect(kept(fixture) == "de")
        #expect(fixture.cache.statistics.evictions == 0)
    }

    @Test func `Dead values leave the memory with a failure as well`() async throws {
        let fixture = try CacheFixture()
        for key in ["a", "b"] { _ = try await fixture.read(key) }
        fixture.source.fail()
        fixture.advance(150)
        #expect(await fixture.outcome("a") == "unavailable")
        #expect(kept(fixture).isEmpty)
        #expect(fixture.cache.summary(of: "b") == nil)
    }

    @Test func `A reader who finds a dead value and gives up leaves nothing`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(150)
        fixture.source.hold()
        defer { fixture.source.releaseAll() }
        let reader = Task { try await fixture.read() }
        try await until { fixture.source.heldCount == 1 }
        #expect(kept(fixture).isEmpty)
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        #expect(fixture.cache.summary(of: "a") == nil)
    }
}
