import Foundation
import KeyHooksTesting
import Testing

@testable import KeyHooks

/// Copies of values are good until their value changes, and for a second at most.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheTicketTests {
    private func isValid(_ ticket: CacheTicket, in fixture: CacheFixture) -> Bool {
        fixture.cache.tickets.isValid(ticket)
    }

    /// A value that was just read, its ticket, and a memo that has it.
    private func ticket(
        in fixture: CacheFixture
    ) async throws -> (ticket: CacheTicket, memo: ThreadMemo<String, String>) {
        let hit = try await fixture.cache.value(for: "a")
        let ticket = try #require(hit.ticket)
        let memo = ThreadMemo<String, String>(capacity: 2, fixture.cache.tickets)
        memo.keep(hit.value, for: "a", ticket)
        return (ticket, memo)
    }

    @Test func `A ticket lasts one second`() async throws {
        let fixture = try CacheFixture()
        let (ticket, _) = try await ticket(in: fixture)
        fixture.advanceJustBefore(1)
        #expect(isValid(ticket, in: fixture))
        fixture.clock.advance(by: tick)
        #expect(!isValid(ticket, in: fixture))
        // The value itself is still good, and comes with a new one.
        #expect(isValid(try #require(try fixture.cache.immediateValue(for: "a")?.ticket), in: fixture))
    }

    @Test func `A ticket ends when its value gets stale`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.advance(74.5)
        let (ticket, _) = try await ticket(in: fixture)
        fixture.clock.advance(by: .milliseconds(500) - tick)
        #expect(isValid(ticket, in: fixture))
        fixture.clock.advance(by: tick)
        #expect(!isValid(ticket, in: fixture))
    }

    typealias Change = (name: String, change: @Sendable (CacheFixture) async throws -> Void)

    static let ownChanges: [Change] = [
        ("a renewal", { _ = try await $0.read("a", maximumAge: .zero) }),
        ("invalidate", { $0.cache.invalidate("a") }),
        ("invalidateAll", { $0.cache.invalidateAll() }),
        ("invalidate(where:)", { $0.cache.invalidate { $0 == "a" } }),
        ("invalidate if bad", { $0.cache.invalidate("a") { _ in true } }),
        (
            "a denial",
            {
                $0.source.fail(denial); _ = await $0.outcome("a", maximumAge: .zero)
            }
        ),
        (
            "an absence",
            {
                $0.source.bring(.absence("")); _ = await $0.outcome("a", maximumAge: .zero)
            }
        ),
        (
            "an eviction",
            {
                for key in ["b", "c", "d"] { _ = await $0.outcome(key) }
            }
        ),
    ]

    @Test(arguments: ownChanges.indices) func `A change of the value ends its ticket`(index: Int) async throws {
        let fixture = try CacheFixture { $0.capacity = 3 }
        let (ticket, memo) = try await ticket(in: fixture)
        #expect(isValid(ticket, in: fixture))
        try await Self.ownChanges[index].change(fixture)
        #expect(!isValid(ticket, in: fixture), "\(Self.ownChanges[index].name)")
        #expect(memo.value(for: "a") == nil)
    }

    static let otherChanges: [Change] = [
        ("another store", { _ = try await $0.read("b") }),
        ("a renewal of another", { for _ in 1...3 { _ = try await $0.read("b", maximumAge: .zero) } }),
        ("invalidate another", { $0.cache.invalidate("z") }),
        ("invalidate(where:)", { $0.cache.invalidate { $0 != "a" } }),
        (
            "a failure of another",
            {
                $0.source.fail(); _ = await $0.outcome("b")
            }
        ),
        (
            "a denial of another",
            {
                $0.source.fail(denial); _ = await $0.outcome("b")
            }
        ),
        ("the source is back", { $0.cache.sourceRecovered() }),
    ]

    @Test(arguments: otherChanges.indices) func `A change of another value does not`(index: Int) async throws {
        let fixture = try CacheFixture { $0.capacity = 3 }
        let (ticket, _) = try await ticket(in: fixture)
        try await Self.otherChanges[index].change(fixture)
        #expect(isValid(ticket, in: fixture), "\(Self.otherChanges[index].name)")
    }

    @Test func `A key that was forgotten and read again does not revive an old ticket`() async throws {
        let fixture = try CacheFixture { $0.capacity = 1 }
        let (ticket, _) = try await ticket(in: fixture)
        for key in ["b", "a", "c", "a"] {
            _ = try await fixture.read(key)
            #expect(!isValid(ticket, in: fixture))
        }
    }

    @Test func `Looking ends none`() async throws {
        let fixture = try CacheFixture()
        let (ticket, _) = try await ticket(in: fixture)
        _ = try await fixture.read()
        _ = fixture.cache.summary(of: "a")
        _ = fixture.cache.statistics
        fixture.cache.invalidate("a") { _ in false }
        #expect(isValid(ticket, in: fixture))
    }

    @Test func `A value that is not fresh or is dated has none`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        for age in [80.0, 25] {
            fixture.advance(age)
            #expect(try await fixture.cache.value(for: "a").ticket == nil)
            try await fixture.settle()
        }
        fixture.source.bring(.value("x", expiresAt: fixture.date.now + 60))
        #expect(try await fixture.cache.value(for: "b").ticket == nil)
        #expect(try fixture.cache.immediateValue(for: "b")?.ticket == nil)
    }

    @Test func `A dead value of another key voids no new tickets`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read("old")
        fixture.advance(100)
        _ = try await fixture.read("a")
        fixture.advance(50)
        #expect(try fixture.cache.immediateValue(for: "old") == nil)
        let ticket = try #require(try fixture.cache.immediateValue(for: "a")?.ticket)
        #expect(isValid(ticket, in: fixture))
    }

    @Test func `A memo answers as long as the ticket holds`() async throws {
        let fixture = try CacheFixture()
        let (ticket, memo) = try await ticket(in: fixture)
        // All within one thread: there is no suspension here.
        memo.keep("a1", for: "a", ticket)
        #expect(memo.value(for: "a") == "a1")
        #expect(memo.value(for: "b") == nil)
        #expect(memo.hits == 1)
        fixture.advance(1)
        #expect(memo.value(for: "a") == nil)
    }

    @Test func `A memo keeps a bounded number of answers and forgets them all if told`() async throws {
        let fixture = try CacheFixture()
        let (ticket, _) = try await ticket(in: fixture)
        let memo = ThreadMemo<Int, String>(capacity: 3, fixture.cache.tickets)
        for key in 1...10 { memo.keep("x", for: key, ticket) }
        #expect((1...10).count { memo.value(for: $0) != nil } <= 6)
        // As many as it says are always there.
        for key in 8...10 { #expect(memo.value(for: key) == "x") }
        memo.removeAll()
        #expect(memo.value(for: 10) == nil)
    }
}
