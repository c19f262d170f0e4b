import Foundation
import KeyHooksTesting
import Testing

@testable import KeyHooks

/// No type of the cache shows what it keeps, nor the text of an error.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheRedactionTests {
    struct Held: Sendable {
        var secret = RedactionTests.secret
    }

    private static let error = LeakyError(description: RedactionTests.secret)

    private func check(_ values: [Any]) {
        for value in values {
            for text in allTexts(of: value) + allTexts(of: [value]) + allTexts(of: ["holder": (1, value)]) {
                #expect(!text.contains("never-shown"), "\(type(of: value))")
            }
        }
    }

    private func cache(
        _ clock: ManualClock,
        _ load: @escaping @Sendable (Int) throws -> CacheLoad<Held>
    ) throws -> TTLCache<Int, Held> {
        try TTLCache(
            policy: CachePolicy(staleIfError: .seconds(600)),
            clock: clock,
            handling: { _ in .passing() },
            load: { key in try load(key) }
        )
    }

    @Test func `Neither loads nor hits nor memos show the value`() async throws {
        let cache = try cache(ManualClock()) { $0 == 1 ? .value(Held()) : .absence(Held()) }
        let hits = [try await cache.value(for: 1), try await cache.value(for: 2)]
        let memo = ThreadMemo<Int, Held>(capacity: 5)
        memo.keep(Held(), for: 1, try #require(hits[1].ticket))
        check([CacheLoad.value(Held()), CacheLoad.absence(Held()), cache, memo] + hits)
        check([cache.summary(of: 1) as Any, cache.statistics, try cache.immediateValue(for: 1) as Any])
    }

    @Test func `A value that bridges a failure shows neither`() async throws {
        let clock = ManualClock()
        let reads = Recording<Int>()
        let cache = try cache(clock) { key in
            defer { reads.add(key) }
            if !reads.events.isEmpty { throw Self.error }
            return .value(Held())
        }
        _ = try await cache.value(for: 1)
        clock.advance(by: .seconds(300))
        let hit = try await cache.value(for: 1)
        #expect(hit.state == .expired && hit.failure is LeakyError)
        check([cache, hit, cache.summary(of: 1) as Any])
        #expect(cache.summary(of: 1)?.failure?.contains("LeakyError") == true)
    }

    @Test func `What is inside shows nothing either`() throws {
        let load = CacheLoad.value(Held())
        let entry = try #require(CacheEntry(load, CachePolicy(), now: .zero, date: Date(), lot: 0))
        let failure = CacheFailure(Self.error, .passing(), after: nil, now: .zero, window: .seconds(1), recoveries: 0)
        let stamps = CacheStamps(capacity: 1)
        defer { stamps.deallocate() }
        var storage = CacheStorage<Int, Held>(stamps: stamps)
        storage.store(1) { ($0.entry, $0.failure) = (entry, failure) }
        let hit = storage.hit(entry, .expired, of: 1, at: .zero, failure: Self.error)
        check([
            entry, failure, storage, storage.slot(of: 1) as Any, hit,
            CacheDecision<Held>.Outcome.hit(hit), CacheDecision<Held>.Outcome.failure(Self.error),
            CacheDecision<Held>(outcome: .hit(hit)), CacheDecision<Held>(outcome: .failure(Self.error)),
            storage.summary(of: 1, .zero, date: Date()) as Any,
        ])
    }

    @Test func `Descriptions say how good a value is`() async throws {
        let fixture = try CacheFixture()
        #expect("\(try await fixture.cache.value(for: "a"))" == "CacheHit(fresh, redacted)")
        fixture.source.bring(.absence("nothing"))
        #expect("\(try await fixture.cache.value(for: "b"))" == "CacheHit(fresh, absence, redacted)")
        #expect("\(CacheLoad.value(1))" == "CacheLoad(redacted)")
        #expect("\(CacheLoad.absence(1))" == "CacheLoad(absence)")
    }
}
