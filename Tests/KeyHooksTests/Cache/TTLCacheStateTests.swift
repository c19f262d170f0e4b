import Foundation
import KeyHooks
import Testing

/// The moments at which a value changes its state, to the attosecond.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheStateTests {
    struct Moment: Sendable, CustomTestStringConvertible {
        var seconds: Double
        var isJustBefore = false
        var state: CacheEntryState

        var testDescription: String { "\(isJustBefore ? "just before " : "")\(seconds) s: \(state)" }
    }

    static let moments = [
        Moment(seconds: 0, state: .fresh),
        Moment(seconds: 75, isJustBefore: true, state: .fresh),
        Moment(seconds: 75, state: .stale),
        Moment(seconds: 100, isJustBefore: true, state: .stale),
        Moment(seconds: 100, state: .expired),
        Moment(seconds: 150, isJustBefore: true, state: .expired),
        Moment(seconds: 150, state: .dead),
        Moment(seconds: 1_000_000, state: .dead),
    ]

    private func advance(_ fixture: CacheFixture, to moment: Moment) {
        if moment.isJustBefore { fixture.advanceJustBefore(moment.seconds) } else { fixture.advance(moment.seconds) }
    }

    @Test(arguments: moments) func `A value ages from fresh to dead`(moment: Moment) async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        advance(fixture, to: moment)
        #expect(fixture.cache.summary(of: "a")?.state == moment.state)
    }

    @Test(arguments: moments) func `A reader waits for the source only once it is expired`(moment: Moment) async throws
    {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        advance(fixture, to: moment)
        let hit = try await fixture.cache.value(for: "a")
        let isKept = [.fresh, .stale].contains(moment.state)
        #expect(hit.value == (isKept ? "a1" : "a2"))
        #expect(hit.state == (isKept ? moment.state : .fresh))
        #expect(hit.failure == nil)
    }

    @Test(arguments: moments) func `An outage is bridged until the value is dead`(moment: Moment) async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        advance(fixture, to: moment)
        let expected = moment.state == .dead ? "unavailable" : "a1 \(moment.state)"
        #expect(await fixture.outcome() == expected)
    }

    @Test func `A value that was just read is fresh and says when it was read`() async throws {
        let fixture = try CacheFixture()
        fixture.advance(7)
        let readAt = fixture.date.now
        let first = try await fixture.cache.value(for: "a")
        fixture.advance(7)
        let second = try await fixture.cache.value(for: "a")
        for hit in [first, second] {
            #expect(hit.state == .fresh && !hit.isAbsence && hit.failure == nil)
            #expect(hit.loadedAt == readAt)
        }
        #expect(fixture.source.count == 1)
    }

    @Test func `Keys age by themselves`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read("a")
        fixture.advance(60)
        _ = try await fixture.read("b")
        fixture.advance(40)
        #expect(fixture.cache.summary(of: "a")?.state == .expired)
        #expect(fixture.cache.summary(of: "b")?.state == .fresh)
        #expect(try await fixture.read("b") == "b2")
    }

    @Test func `A new value starts from the beginning`() async throws {
        let fixture = try CacheFixture()
        for number in 1...5 {
            #expect(await fixture.outcome() == "a\(number) fresh")
            fixture.advance(100)
        }
        #expect(fixture.source.count == 5)
    }
}
