import KeyHooks
import Testing

/// A failure that is an answer ends what was kept.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheFinalFailureTests {
    static let finals: [any Error] =
        [
            KeyResolutionError.Code.denied, .unauthenticated, .absent, .invalidConfiguration, .invalidService,
            .unknownField, .pluginFailed,
        ]
        .map { KeyResolutionError($0, "no", remedy: "ask") } + [LeakyError(description: "what is this?")]

    private func name(_ error: any Error) -> String {
        (error as? KeyResolutionError).map { "\($0.code)" } ?? "LeakyError"
    }

    @Test(arguments: finals.indices) func `It drops an expired value at once`(index: Int) async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(Self.finals[index])
        fixture.advance(100)
        #expect(await fixture.outcome() == name(Self.finals[index]))
        #expect(fixture.cache.summary(of: "a")?.state == nil)
        #expect(fixture.cache.peek("a") == nil)
    }

    @Test(arguments: finals.indices) func `It drops a value that is still within its TTL`(index: Int) async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(Self.finals[index])
        fixture.advance(80)
        #expect(await fixture.outcome() == "a1 stale")
        try await fixture.settle()
        #expect(await fixture.outcome() == name(Self.finals[index]))
    }

    @Test func `What it dropped does not come back with an outage`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(denial)
        fixture.advance(100)
        #expect(await fixture.outcome() == "denied")
        fixture.source.fail(outage)
        for _ in 1...10 {
            fixture.advance(1)
            #expect(await fixture.outcome() != "a1 expired")
        }
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test func `An outage before it saves nothing`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(outage)
        fixture.advance(100)
        #expect(await fixture.outcome() == "a1 expired")
        fixture.source.fail(denial)
        fixture.advance(1)
        #expect(await fixture.outcome() == "denied")
    }

    @Test func `It is backed off for the shortest time only, however often it comes`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail(denial)
        for number in 1...5 {
            for _ in 1...3 { #expect(await fixture.outcome() == "denied") }
            #expect(fixture.source.count == number)
            #expect(fixture.cache.summary(of: "a")?.retryIn == .seconds(1))
            fixture.advance(1)
        }
        // A permission that was mended is seen at once.
        fixture.source.recover()
        #expect(await fixture.outcome() == "a6 fresh")
    }

    @Test func `The owner of a cache may judge failures otherwise`() async throws {
        let fixture = try CacheFixture(handling: { $0 is LeakyError ? .passing() : .final })
        _ = try await fixture.read()
        fixture.source.fail(LeakyError(description: "a time-out of a library"))
        fixture.advance(100)
        #expect(await fixture.outcome() == "a1 expired")
        fixture.source.fail(outage)
        fixture.advance(1)
        #expect(await fixture.outcome() == "unavailable")
        #expect(fixture.cache.summary(of: "a")?.state == nil)
    }
}
