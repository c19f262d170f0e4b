import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

/// That there is nothing is believed for a time of its own, and never instead of a failure.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheAbsenceTests {
    private func fixture(_ change: (inout CachePolicy) -> Void = { _ in }) throws -> CacheFixture {
        let fixture = try CacheFixture(change)
        fixture.source.bring(.absence("nothing"))
        return fixture
    }

    @Test func `An absence is believed for the negative TTL, and never stale`() async throws {
        let fixture = try fixture { $0.refreshAhead = 1 }
        #expect(await fixture.outcome() == "absence fresh")
        fixture.advanceJustBefore(20)
        #expect(await fixture.outcome() == "absence fresh")
        #expect(fixture.source.count == 1)
        fixture.clock.advance(by: tick)
        #expect(await fixture.outcome() == "absence fresh")
        #expect(fixture.source.count == 2)
    }

    @Test func `The negative TTL is for absences alone`() async throws {
        let fixture = try CacheFixture { $0.negativeTimeToLive = .zero }
        _ = try await fixture.read()
        fixture.advance(60)
        #expect(await fixture.outcome() == "a1 fresh")
    }

    @Test func `A negative TTL of zero keeps no absence`() async throws {
        let fixture = try fixture { $0.negativeTimeToLive = .zero }
        for _ in 1...3 { #expect(await fixture.outcome() == "absence fresh") }
        #expect(fixture.source.count == 3)
        #expect(fixture.cache.summary(of: "a") == nil)
    }

    @Test func `A negative TTL may be longer than the TTL`() async throws {
        let fixture = try fixture { $0.negativeTimeToLive = .seconds(1000) }
        _ = await fixture.outcome()
        fixture.advanceJustBefore(1000)
        #expect(await fixture.outcome() == "absence fresh")
        #expect(fixture.source.count == 1)
    }

    @Test(arguments: [outage, denial]) func `No absence bridges a failure`(error: KeyResolutionError) async throws {
        let fixture = try fixture()
        _ = await fixture.outcome()
        fixture.source.fail(error)
        fixture.advance(20)
        #expect(await fixture.outcome() == "\(error.code)")
        #expect(await fixture.outcome() == "\(error.code)")
    }

    @Test(arguments: [outage, denial])
    func `An absence is not served after a failure, were it ever so young`(error: KeyResolutionError) async throws {
        let fixture = try fixture()
        _ = await fixture.outcome()
        fixture.source.fail(error)
        fixture.advance(1)
        #expect(await fixture.outcome(maximumAge: .zero) == "\(error.code)")
        #expect(await fixture.outcome() == "\(error.code)")
        fixture.advance(1)
        #expect(await fixture.outcome() == "\(error.code)")
        #expect(fixture.source.count == 3)
    }

    @Test func `A later value replaces an absence`() async throws {
        let fixture = try fixture()
        _ = await fixture.outcome()
        fixture.source.recover()
        fixture.advance(20)
        #expect(await fixture.outcome() == "a2 fresh")
        fixture.advance(60)
        #expect(await fixture.outcome() == "a2 fresh")
        #expect(fixture.cache.summary(of: "a")?.isAbsence == false)
    }

    @Test func `A later absence replaces a value for good`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.bring(.absence("gone"))
        fixture.advance(100)
        #expect(await fixture.outcome() == "absence fresh")
        // The value would still be within its grace.
        fixture.source.fail()
        fixture.advance(20)
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test func `A value with a negative TTL of zero is dropped by an absence`() async throws {
        let fixture = try CacheFixture { $0.negativeTimeToLive = .zero }
        _ = try await fixture.read()
        fixture.source.bring(.absence("gone"))
        #expect(await fixture.outcome(maximumAge: .zero) == "absence fresh")
        fixture.source.fail()
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test(arguments: [10.0, -10]) func `A source may date an absence as well`(ending: Double) async throws {
        let fixture = try CacheFixture()
        var absence = SourceReading.absence("nothing")
        absence.expiresAt = fixture.date.now + ending
        fixture.source.bring(absence)
        _ = await fixture.outcome()
        #expect(fixture.cache.summary(of: "a")?.expiresIn == (ending > 0 ? .seconds(10) : nil))
    }
}
