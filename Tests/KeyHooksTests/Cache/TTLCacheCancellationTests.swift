import KeyHooks
import Testing

/// Readers who give up, and a source that does.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheCancellationTests {
    @TaskLocal static var tenant = "nobody"

    /// Readers of one read that is held open.
    private func readers(_ count: Int, of fixture: CacheFixture) async throws -> [Task<String, Never>] {
        fixture.source.hold()
        let before = fixture.cache.statistics.misses
        var readers: [Task<String, Never>] = []
        for number in 1...count {
            readers.append(Task { await fixture.outcome() })
            // One after the other, so that the first is known.
            try await until { fixture.cache.statistics.misses == before + number }
        }
        let started = fixture.cache.statistics.loads
        try await until { fixture.source.count == started }
        return readers
    }

    @Test(arguments: [[0], [2], [0, 1], [1, 3], [0, 1, 2]])
    func `Those who stay are not disturbed`(leaving: [Int]) async throws {
        let fixture = try CacheFixture()
        let readers = try await readers(4, of: fixture)
        for index in leaving { readers[index].cancel() }
        for index in leaving { #expect(await readers[index].value == "CancellationError") }
        #expect(fixture.source.cancelled.isEmpty)
        fixture.source.releaseAll()
        for index in 0..<4 where !leaving.contains(index) { #expect(await readers[index].value == "a1 fresh") }
        #expect(fixture.source.count == 1)
        #expect(await fixture.outcome() == "a1 fresh")
    }

    @Test func `With the last one goes the read, and the next begins another`() async throws {
        let fixture = try CacheFixture()
        defer { fixture.source.releaseAll() }
        let readers = try await readers(3, of: fixture)
        for reader in readers { reader.cancel() }
        for reader in readers { #expect(await reader.value == "CancellationError") }
        try await until { fixture.source.cancelled == [1] }
        let next = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 2 }
        fixture.source.release(2)
        #expect(await next.value == "a2 fresh")
        // The abandoned read answers after all.
        fixture.source.release(1)
        #expect(fixture.cache.peek("a")?.content == "a2")
        #expect(fixture.cache.statistics.failures == 0)
    }

    @Test func `A reader who was cancelled before waits for nothing`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        defer { fixture.source.releaseAll() }
        let reader = Task {
            try? await untilCancelled()
            return await fixture.outcome()
        }
        reader.cancel()
        #expect(await reader.value == "CancellationError")
        fixture.source.releaseAll()
        #expect(await fixture.outcome().hasSuffix("fresh"))
    }

    @Test func `A reader who was cancelled before gets what is in memory`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        let reader = Task {
            try? await untilCancelled()
            return await fixture.outcome()
        }
        reader.cancel()
        #expect(await reader.value == "a1 fresh")
    }

    @Test func `A refresh goes on when those who joined it leave`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.hold()
        fixture.advance(99.98)
        _ = try await fixture.read()
        fixture.advance(0.02)
        let readers = try await readers(2, of: fixture)
        for reader in readers { reader.cancel() }
        for reader in readers { #expect(await reader.value == "CancellationError") }
        fixture.source.releaseAll()
        try await fixture.settle()
        #expect(fixture.source.cancelled.isEmpty)
        #expect(fixture.cache.peek("a")?.content == "a2")
    }

    @Test func `A source that gives up by itself is unavailable`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail(CancellationError())
        let error = try await failure { try await fixture.read() }
        #expect(error.code == .unavailable && !error.remedy.isEmpty)
        fixture.source.recover()
        fixture.advance(1)
        #expect(await fixture.outcome() == "a2 fresh")
    }

    @Test func `A source that gives up by itself is bridged like any outage`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(CancellationError())
        fixture.advance(100)
        #expect(await fixture.outcome() == "a1 expired")
    }

    @Test func `The source sees no reader's task-local values`() async throws {
        let fixture = try CacheFixture()
        fixture.source.answer { _, _ in .value(Self.tenant) }
        let seen = try await Self.$tenant.withValue("acme") {
            #expect(Self.tenant == "acme")
            return try await fixture.read()
        }
        #expect(seen == "nobody")
    }

    @Test func `What is made of a failure may depend on what the cache has`() async throws {
        let known = Recording<TTLCache<String, String>>()
        let fixture = try CacheFixture(handling: { _ in known.events[0].peek("a") == nil ? .final : .passing() })
        known.add(fixture.cache)
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(100)
        #expect(await fixture.outcome() == "a1 expired")
    }
}
