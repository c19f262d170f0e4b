import KeyHooks
import KeyHooksTesting
import Testing

/// A source that does not answer makes nobody wait for long where an old value may be served.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheSlowSourceTests {
    /// A cache whose value has expired and whose source answers no more, and a reader who waits for it.
    private func hanging(
        _ change: (inout CachePolicy) -> Void = { _ in }
    ) async throws -> (fixture: CacheFixture, reader: Task<String, Never>) {
        let fixture = try CacheFixture(change)
        _ = try await fixture.read()
        fixture.advance(100)
        fixture.source.hold()
        let reader = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        return (fixture, reader)
    }

    @Test func `The first reader waits for a moment, and the next for none`() async throws {
        let (fixture, reader) = try await hanging()
        defer { fixture.source.releaseAll() }
        try await until { fixture.clock.sleeperCount == 1 }
        fixture.clock.advance(by: .milliseconds(50) - tick)
        #expect(fixture.cache.statistics.hitsOnError == 0)
        fixture.clock.advance(by: tick)
        #expect(await reader.value == "a1 expired")
        for _ in 1...10 { #expect(await fixture.outcome() == "a1 expired") }
        #expect(fixture.source.count == 2)
        #expect(fixture.cache.statistics.misses == 2 && fixture.cache.statistics.hitsOnError == 11)
    }

    @Test func `The hit is old, and no failure, as the source may be up`() async throws {
        let (fixture, reader) = try await hanging()
        defer { fixture.source.releaseAll() }
        try await until { fixture.clock.sleeperCount == 1 }
        fixture.advance(0.05)
        _ = await reader.value
        let hit = try #require(try fixture.cache.immediateValue(for: "a"))
        #expect(hit.state == .expired && hit.ticket == nil)
        #expect(hit.failure == nil)
    }

    @Test func `The read goes on, and what it brings is served`() async throws {
        let (fixture, reader) = try await hanging()
        try await until { fixture.clock.sleeperCount == 1 }
        fixture.advance(0.05)
        #expect(await reader.value == "a1 expired")
        fixture.source.releaseAll()
        try await fixture.settle()
        #expect(fixture.source.cancelled.isEmpty)
        #expect(await fixture.outcome() == "a2 fresh")
    }

    @Test func `A source that answers in time gives its new value`() async throws {
        let (fixture, reader) = try await hanging()
        try await until { fixture.clock.sleeperCount == 1 }
        fixture.clock.advance(by: .milliseconds(50) - tick)
        fixture.source.releaseAll()
        #expect(await reader.value == "a2 fresh")
        // And nobody is left behind on the clock.
        try await until { fixture.clock.sleeperCount == 0 }
    }

    @Test func `A refresh that hangs before the TTL ends makes nobody wait after it`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(80)
        fixture.source.hold()
        defer { fixture.source.releaseAll() }
        #expect(await fixture.outcome() == "a1 stale")
        try await until { fixture.source.heldCount == 1 }
        fixture.advance(20)
        for _ in 1...3 { #expect(await fixture.outcome() == "a1 expired") }
        #expect(fixture.source.count == 2 && fixture.cache.statistics.misses == 1)
    }

    @Test func `Once the value is dead readers wait all the same`() async throws {
        let (fixture, reader) = try await hanging()
        try await until { fixture.clock.sleeperCount == 1 }
        fixture.advance(50)
        #expect(try fixture.cache.immediateValue(for: "a") == nil)
        fixture.source.releaseAll()
        #expect(await reader.value == "a2 fresh")
    }

    @Test func `Without a grace readers wait for the source`() async throws {
        let (fixture, reader) = try await hanging { $0.staleIfError = .zero }
        fixture.advance(10)
        #expect(fixture.clock.sleeperCount == 0)
        #expect(try fixture.cache.immediateValue(for: "a") == nil)
        fixture.source.releaseAll()
        #expect(await reader.value == "a2 fresh")
    }

    @Test func `Who asks for a younger value waits for it, and those who do not are not held up`() async throws {
        let (fixture, reader) = try await hanging()
        let strict = Task { await fixture.outcome(maximumAge: .seconds(60)) }
        try await until { fixture.cache.statistics.misses == 3 && fixture.clock.sleeperCount == 1 }
        fixture.advance(1)
        #expect(await reader.value == "a1 expired")
        #expect(await fixture.outcome(maximumAge: .seconds(102)) == "a1 expired")
        #expect(try fixture.cache.immediateValue(for: "a", maximumAge: .seconds(60)) == nil)
        fixture.source.releaseAll()
        #expect(await strict.value == "a2 fresh")
    }

    @Test func `The read outlives the last one who waits for it`() async throws {
        let (fixture, reader) = try await hanging()
        let strict = Task { await fixture.outcome(maximumAge: .zero) }
        try await until { fixture.cache.statistics.misses == 3 && fixture.clock.sleeperCount == 1 }
        fixture.advance(1)
        #expect(await reader.value == "a1 expired")
        strict.cancel()
        #expect(await strict.value == "CancellationError")
        #expect(fixture.source.cancelled.isEmpty)
        fixture.source.releaseAll()
        try await fixture.settle()
        #expect(await fixture.outcome() == "a2 fresh")
    }

    @Test func `A source that takes its time is given it`() async throws {
        let fixture = try CacheFixture()
        // A read takes 100 ms, so 400 ms are no reason for an old value.
        fixture.source.hold()
        let first = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        fixture.advance(0.1)
        fixture.source.release(1)
        #expect(await first.value == "a1 fresh")
        fixture.advance(100)
        let second = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 && fixture.clock.sleeperCount == 1 }
        fixture.advance(0.3)
        #expect(fixture.clock.sleeperCount == 1)
        fixture.advance(0.2)
        #expect(await second.value == "a1 expired")
        fixture.source.releaseAll()
    }

    @Test func `One that takes forever is not given that`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        let first = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        fixture.advance(1_000_000)
        fixture.source.release(1)
        #expect(await first.value == "a1 fresh")
        fixture.advance(100)
        let second = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 && fixture.clock.sleeperCount == 1 }
        fixture.advance(1)
        #expect(await second.value == "a1 expired")
        fixture.source.releaseAll()
    }

    @Test func `After a failure nobody waits for the reads that follow`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(100)
        fixture.source.fail()
        #expect(await fixture.outcome() == "a1 expired")
        fixture.source.hold()
        defer { fixture.source.releaseAll() }
        for second in 1...20 {
            fixture.advance(1)
            #expect(await fixture.outcome() == "a1 expired", "second \(second)")
        }
        try await until { fixture.source.heldCount == 1 }
        // Two reads in all, and one reader waited: the one that met the failure.
        #expect(fixture.source.count == 3 && fixture.cache.statistics.misses == 2)
    }
}
