import KeyHooks
import KeyHooksTesting
import Testing

/// A failure that is an answer ends what was kept, though not before its TTL.
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

    @Test(arguments: finals.indices) func `It leaves a value until its TTL ends`(index: Int) async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(Self.finals[index])
        fixture.advance(80)
        for _ in 1...3 {
            #expect(await fixture.outcome() == "a1 stale")
            try await fixture.settle()
        }
        #expect(fixture.source.count == 2)
        fixture.advanceJustBefore(20)
        #expect(await fixture.outcome() == "a1 stale")
        try await fixture.settle()
        // One read in the shortest window, however often it is refused.
        #expect(fixture.source.count == 3)
        fixture.clock.advance(by: tick)
        #expect(await fixture.outcome() == name(Self.finals[index]))
        #expect(fixture.cache.peek("a") == nil)
    }

    @Test func `Who asks for a younger value is refused, and the others are not`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(denial)
        fixture.advance(10)
        #expect(await fixture.outcome(maximumAge: .zero) == "denied")
        #expect(await fixture.outcome(maximumAge: .seconds(10)) == "denied")
        #expect(await fixture.outcome(maximumAge: .seconds(11)) == "a1 fresh")
        #expect(await fixture.outcome() == "a1 fresh")
    }

    @Test func `A permission that is given back before the TTL ends leaves no trace`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(denial)
        fixture.advance(80)
        _ = await fixture.outcome()
        try await fixture.settle()
        fixture.source.recover()
        fixture.advance(1)
        #expect(await fixture.outcome() == "a1 stale")
        try await fixture.settle()
        #expect(await fixture.outcome() == "a3 fresh")
        // And the new value has its whole grace again.
        fixture.source.fail()
        fixture.advance(149)
        #expect(await fixture.outcome() == "a3 expired")
    }

    @Test func `An outage after it lengthens nothing`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail(denial)
        fixture.advance(80)
        _ = await fixture.outcome()
        try await fixture.settle()
        fixture.source.fail(outage)
        fixture.advance(1)
        #expect(await fixture.outcome() == "a1 stale")
        try await fixture.settle()
        fixture.advance(19)
        #expect(await fixture.outcome() == "unavailable")
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
        // The read that finds out is in the background.
        #expect(await fixture.outcome() == "a1 expired")
        try await fixture.settle()
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
        // A permission that was put right is seen at once.
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
        #expect(await fixture.outcome() == "a1 expired")
        try await fixture.settle()
        #expect(await fixture.outcome() == "unavailable")
        #expect(fixture.cache.summary(of: "a")?.state == nil)
    }
}
