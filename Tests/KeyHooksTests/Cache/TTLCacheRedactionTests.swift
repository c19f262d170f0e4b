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
        _ load: @escaping @Sendable (Int) throws -> SourceReading<Held>
    ) -> TTLCache<Int, Held> {
        TTLCache(
            policy: CachePolicy(staleIfError: .seconds(600)),
            clock: clock,
            handling: { _ in .passing() },
            load: { key, _ in try load(key) }
        )
    }

    @Test func `Neither loads nor hits nor memos show the value`() async throws {
        let cache = cache(ManualClock()) { $0 == 1 ? .value(Held()) : .absence(Held()) }
        let hits = [try await cache.value(for: 1), try await cache.value(for: 2)]
        let memo = ThreadMemo<Int, Held>(capacity: 5, cache.tickets)
        memo.keep(Held(), for: 1, try #require(hits[1].ticket))
        check([SourceReading.value(Held()), SourceReading.absence(Held()), cache, memo] + hits)
        check([cache.summary(of: 1) as Any, cache.statistics, try cache.immediateValue(for: 1) as Any])
    }

    @Test func `A value that bridges a failure shows neither`() async throws {
        let clock = ManualClock()
        let reads = Recording<Int>()
        let cache = cache(clock) { key in
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

    @Test func `What is inside shows nothing either`() {
        let moment = CacheMoment(now: .zero) { Date() }
        let entry = CacheEntry(SourceReading.value(Held()), CachePolicy(), random: 0, at: moment)
        let failure = CacheFailure(
            error: Self.error,
            handling: .passing(),
            count: 1,
            retryFrom: .seconds(1),
            recoveries: 0
        )
        let stamps = CacheStamps(capacity: 1)
        defer { stamps.deallocate() }
        var storage = CacheStorage<Int, Held>(CachePolicy(), stamps: stamps) { 0 }
        storage.store(1) { ($0.entry, $0.failure) = (entry, failure) }
        var hit = storage.hit(entry, .expired, of: 1, at: moment)
        hit.failure = Self.error
        check([
            entry, failure, storage, storage.slot(of: 1) as Any, hit,
            CacheDecision<Held>.hit(hit), CacheDecision<Held>.failure(Self.error),
            storage.summary(of: 1, at: moment) as Any,
        ])
    }

    @Test func `Descriptions say whether there is a value`() {
        #expect("\(SourceReading.value(1))" == "SourceReading(redacted)")
        #expect("\(SourceReading.absence(1))" == "SourceReading(absent)")
    }
}
