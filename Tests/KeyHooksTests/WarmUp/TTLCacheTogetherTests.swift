import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct TTLCacheTogetherTests {
    private func value(_ text: String, version: Int? = nil) -> SourceReading<String> {
        var reading = SourceReading.value(text)
        reading.rank = version.map { CacheRank(version: $0) }
        return reading
    }

    /// Reads keys together and waits for it; gives those that were.
    private func read(_ keys: [String], in fixture: CacheFixture, _ suffix: String = "") async throws -> [String] {
        let asked = Recording<[String]>()
        fixture.cache.startReading(keys) { keys in
            asked.add(keys)
            return keys.map { key in key == "bad" ? .failure(outage) : .success(.value(key + suffix)) }
        }
        for key in keys { try await fixture.settle(key) }
        return asked.events.flatMap(\.self)
    }

    @Test func `Only what is due and isn't being read is read`() async throws {
        let fixture = try CacheFixture()
        #expect(try await read(["a", "b", "bad", "c"], in: fixture, "1") == ["a", "b", "bad", "c"])
        // Fresh, and in the window of a failure.
        #expect(try await read(["a", "b", "bad"], in: fixture, "2") == [])
        #expect(await fixture.outcome("bad") == "unavailable")
        fixture.cache.invalidate("a")
        #expect(try await read(["a", "b", "d"], in: fixture, "3") == ["a", "d"])
        fixture.source.hold()
        let other = Task { await fixture.outcome("e") }
        try await until { fixture.source.heldCount == 1 }
        fixture.cache.startReading(["e", "f", "g"]) { $0.map { .success(.value("\($0)4")) } }
        for key in ["f", "g"] { try await fixture.settle(key) }
        fixture.source.releaseAll()
        #expect(await other.value == "e1 fresh")
        #expect(await fixture.outcome("a") == "a3 fresh")
        #expect(await fixture.outcome("b") == "b1 fresh")
        #expect(await fixture.outcome("f") == "f4 fresh")
        #expect(fixture.source.reads == ["e"])
    }

    @Test func `Stale, expired and dead values are renewed, and an older version is refused`() async throws {
        let fixture = try CacheFixture()
        for (seconds, number) in [(0.0, 1), (80, 2), (120, 3), (400, 4)] {
            fixture.advance(seconds)
            #expect(try await read(["a", "b"], in: fixture, "\(number)") == ["a", "b"])
            #expect(await fixture.outcome("b") == "b\(number) fresh")
        }
        fixture.cache.startReading(["x", "y"]) { _ in [.success(value("x9", version: 9)), .success(value("y9"))] }
        for key in ["x", "y"] { try await fixture.settle(key) }
        fixture.cache.invalidate("x")
        fixture.cache.startReading(["x", "z"]) { _ in [.success(value("x8", version: 8)), .success(value("z8"))] }
        for key in ["x", "z"] { try await fixture.settle(key) }
        #expect(await fixture.outcome("x") == "outdated")
        #expect(await fixture.outcome("z") == "z8 fresh")
    }

    @Test func `What nothing is said of failed, and is no absence`() async throws {
        let fixture = try CacheFixture()
        fixture.cache.startReading(["a", "b"]) { _ in [.success(.value("a1"))] }
        try await fixture.settle("b")
        #expect(await fixture.outcome("a") == "a1 fresh")
        #expect(await fixture.outcome("b") == "unavailable")
    }

    @Test func `A reading that nobody asked for is kept if there is nothing better`() async throws {
        let fixture = try CacheFixture { $0.capacity = 4 }
        func add(_ key: String, _ text: String, version: Int? = nil, since mark: TTLCache<String, String>.Mark? = nil)
            -> Bool
        {
            fixture.cache.add([(key, value(text, version: version))], since: mark ?? fixture.cache.mark)
        }
        #expect(add("a", "unasked", version: 5))
        #expect(await fixture.outcome() == "unasked fresh")
        // It is fresh.
        #expect(add("a", "later", version: 6))
        #expect(await fixture.outcome() == "unasked fresh")
        // It is stale, and the reading is older, then newer.
        fixture.advance(80)
        #expect(add("a", "older", version: 4))
        #expect(fixture.cache.peek("a")?.content == "unasked")
        #expect(fixture.cache.summary(of: "a")?.failureCount == 0)
        #expect(add("a", "newer", version: 6))
        #expect(await fixture.outcome() == "newer fresh")
        // Somebody forgets a key meanwhile.
        let mark = fixture.cache.mark
        fixture.cache.invalidate("b")
        #expect(add("b", "forgotten", since: mark))
        #expect(fixture.cache.peek("b") == nil)
        // Somebody reads it.
        fixture.source.hold()
        let other = Task { await fixture.outcome("b") }
        try await until { fixture.source.heldCount == 1 }
        #expect(add("b", "unasked"))
        fixture.source.releaseAll()
        #expect(await other.value == "b1 fresh")
        // It failed a moment ago.
        fixture.source.fail()
        #expect(await fixture.outcome("c") == "unavailable")
        #expect(add("c", "unasked"))
        #expect(await fixture.outcome("c") == "unasked fresh")
        // There is no room.
        #expect(add("d", "unasked"))
        #expect(!add("e", "unasked"))
        #expect(fixture.cache.statistics.evictions == 0)
    }
}
