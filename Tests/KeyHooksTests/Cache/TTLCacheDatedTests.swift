import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

/// What a source says of a value's end bounds everything.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheDatedTests {
    @Test(arguments: [true, false]) func `A shorter life caps the TTL and the grace`(isDated: Bool) async throws {
        let fixture = try CacheFixture()
        let end = fixture.date.now + 40
        fixture.source.bring(isDated ? .value("x", expiresAt: end) : .value("x", lifetime: .seconds(40)))
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(29.5)
        #expect(fixture.cache.summary(of: "a")?.state == .fresh)
        fixture.advance(0.5)
        #expect(fixture.cache.summary(of: "a")?.state == .stale)
        fixture.advance(10)
        #expect(fixture.cache.summary(of: "a")?.state == .dead)
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test(arguments: [true, false]) func `An end within the grace caps the grace alone`(isDated: Bool) async throws {
        let fixture = try CacheFixture()
        let end = fixture.date.now + 120
        fixture.source.bring(isDated ? .value("x", expiresAt: end) : .value("x", lifetime: .seconds(120)))
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(100)
        #expect(await fixture.outcome() == "x expired")
        fixture.advance(19.5)
        #expect(await fixture.outcome() == "x expired")
        fixture.advance(0.5)
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test func `The earlier of both ends counts`() async throws {
        for (lifetime, dated) in [(30, 60), (60, 30)] {
            let fixture = try CacheFixture()
            let end = fixture.date.now + TimeInterval(dated)
            fixture.source.bring(.value("x", expiresAt: end, lifetime: .seconds(lifetime)))
            _ = try await fixture.read()
            #expect(fixture.cache.summary(of: "a")?.expiresIn == .seconds(30))
            fixture.advance(30)
            #expect(fixture.cache.summary(of: "a")?.state == .dead)
        }
    }

    @Test func `A longer life does not lengthen the TTL`() async throws {
        let fixture = try CacheFixture()
        fixture.source.bring(.value("x", expiresAt: fixture.date.now + 1e6, lifetime: .seconds(1_000_000)))
        _ = try await fixture.read()
        fixture.advance(100)
        #expect(fixture.cache.summary(of: "a")?.state == .expired)
        fixture.advance(50)
        #expect(fixture.cache.summary(of: "a")?.state == .dead)
    }

    @Test(arguments: [0.0, -1]) func `What has ended when it comes is handed on and not kept`(rest: Double) async throws
    {
        let fixture = try CacheFixture()
        for load in [
            SourceReading.value("x", expiresAt: fixture.date.now + rest), .value("x", lifetime: .seconds(rest)),
        ] {
            fixture.source.bring(load)
            let hit = try await fixture.cache.value(for: "a")
            #expect(hit.value == "x" && hit.ticket == nil)
            #expect(fixture.cache.summary(of: "a") == nil)
        }
        #expect(fixture.source.count == 2)
    }

    @Test func `A source may set no end that takes the process down`() async throws {
        for interval in [1e300, .infinity, Date.distantFuture.timeIntervalSince1970] {
            let fixture = try CacheFixture()
            fixture.source.bring(.value("x", expiresAt: Date(timeIntervalSince1970: interval)))
            #expect(await fixture.outcome() == "x fresh")
            #expect(fixture.cache.summary(of: "a")?.expiresIn == .seconds(100))
        }
        for interval in [-1e300, -.infinity, .nan, Date.distantPast.timeIntervalSince1970] {
            let fixture = try CacheFixture()
            fixture.source.bring(.value("x", expiresAt: Date(timeIntervalSince1970: interval)))
            #expect(await fixture.outcome() == "x fresh")
            #expect(fixture.cache.summary(of: "a") == nil)
        }
        for lifetime in [Duration.seconds(Int64.max), .seconds(Int64.min)] {
            let fixture = try CacheFixture()
            fixture.source.bring(.value("x", lifetime: lifetime))
            #expect(await fixture.outcome() == "x fresh")
        }
    }

    @Test func `A wall clock that jumps forward ends a dated value`() async throws {
        let fixture = try CacheFixture()
        fixture.source.bring(.value("x", expiresAt: fixture.date.now + 3600))
        _ = try await fixture.read()
        fixture.date.jump(by: 3599)
        #expect(await fixture.outcome() == "x fresh")
        fixture.date.jump(by: 1)
        #expect(fixture.cache.summary(of: "a")?.state == .dead)
        fixture.source.fail()
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test func `A wall clock that jumps back lets no dated value live longer`() async throws {
        let fixture = try CacheFixture()
        fixture.source.bring(.value("x", expiresAt: fixture.date.now + 40))
        _ = try await fixture.read()
        fixture.date.jump(by: -86_400)
        #expect(await fixture.outcome() == "x fresh")
        fixture.clock.advance(by: .seconds(40))
        #expect(fixture.cache.summary(of: "a")?.state == .dead)
    }

    @Test(arguments: [-1e9, 1e9]) func `A value without a date does not mind the wall clock`(jump: Double) async throws
    {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.date.jump(by: jump)
        #expect(await fixture.outcome() == "a1 fresh")
        fixture.clock.advance(by: .seconds(80))
        #expect(fixture.cache.summary(of: "a")?.state == .stale)
    }
}
