import Foundation
import KeyHooks
import Testing

/// What becomes of a value while the source cannot be read.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheOutageTests {
    @Test(arguments: [
        KeyResolutionError.Code.unavailable, .sealed, .timedOut,
    ])
    func `A passing failure is bridged by the expired value for a while`(code: KeyResolutionError.Code) async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(KeyResolutionError(code, "it is down", remedy: "wait"))
        fixture.advance(100)
        let hit = try await fixture.cache.value(for: "a")
        #expect(hit.value == "a1" && hit.state == .expired)
        #expect((hit.failure as? KeyResolutionError)?.code == code)
        #expect(hit.ticket == nil)
        fixture.advance(50)
        #expect(await fixture.outcome() == "\(code)")
    }

    @Test func `The reader gets the very error of the source`() async throws {
        let fixture = try CacheFixture()
        let cause = LeakyError(description: "connection refused")
        fixture.source.fail(KeyResolutionError(.unavailable, "down", remedy: "wait", underlying: cause))
        let first = try await failure { try await fixture.read() }
        // Once from the source, once from memory.
        let second = try await failure { try await fixture.read() }
        for error in [first, second] { #expect((error.underlying as? LeakyError)?.description == "connection refused") }
        #expect(fixture.source.count == 1)
    }

    @Test func `Without a grace an expired value is never served`() async throws {
        let fixture = try CacheFixture { $0.staleIfError = .zero }
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(100)
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test func `Served values do not lengthen the grace`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(100)
        for _ in 0..<49 {
            #expect(await fixture.outcome() == "a1 expired")
            fixture.advance(1)
        }
        fixture.advance(1)
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test func `It recovers by itself`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(100)
        #expect(await fixture.outcome() == "a1 expired")
        fixture.source.recover()
        #expect(await fixture.outcome() == "a1 expired")
        fixture.advance(1)
        // Nobody waits for the read that finds out.
        #expect(await fixture.outcome() == "a1 expired")
        try await fixture.settle()
        #expect(await fixture.outcome() == "a3 fresh")
        #expect(fixture.cache.summary(of: "a")?.failureCount == 0)
        #expect(fixture.cache.summary(of: "a")?.failure == nil)
    }

    @Test func `It recovers without ever having had a value`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail()
        #expect(await fixture.outcome() == "unavailable")
        fixture.source.recover()
        fixture.advance(1)
        #expect(await fixture.outcome() == "a2 fresh")
    }

    @Test func `All who wait for a failed read are bridged or fail together`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.source.hold()
        fixture.advance(100)
        let readers = (1...5).map { _ in Task { await fixture.outcome() } }
        let strict = Task { await fixture.outcome(maximumAge: .seconds(30)) }
        try await until { fixture.cache.statistics.misses == 7 }
        fixture.source.releaseAll()
        for reader in readers { #expect(await reader.value == "a1 expired") }
        #expect(await strict.value == "unavailable")
        #expect(fixture.source.count == 2)
    }

    @Test func `A value that dies while a read fails is not served`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.source.hold()
        fixture.advance(149)
        async let reader = fixture.outcome()
        try await until { fixture.source.heldCount == 1 }
        fixture.advance(1)
        fixture.source.releaseAll()
        #expect(await reader == "unavailable")
    }

    @Test func `One key's outage is not another's`() async throws {
        let fixture = try CacheFixture()
        fixture.source.answer { key, _ in if key == "a" { throw outage } else { return .value("fine") } }
        #expect(await fixture.outcome("a") == "unavailable")
        #expect(await fixture.outcome("b") == "fine fresh")
    }
}
