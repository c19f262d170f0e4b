import KeyHooks
import Testing

/// What a policy may say, and what its extremes mean.
@Suite(.timeLimit(.minutes(5))) struct TTLCachePolicyTests {
    static let refused: [(setting: String, change: @Sendable (inout CachePolicy) -> Void)] = [
        ("timeToLive", { $0.timeToLive = .zero - tick }),
        ("timeToLive", { $0.timeToLive = .seconds(36_500 * 86_400) + tick }),
        ("negativeTimeToLive", { $0.negativeTimeToLive = .seconds(-1) }),
        ("negativeTimeToLive", { $0.negativeTimeToLive = .seconds(Int64.max) }),
        ("staleIfError", { $0.staleIfError = .seconds(-1) }),
        ("staleIfError", { $0.staleIfError = .seconds(Int64.max) }),
        ("failureBackoff", { $0.failureBackoff = .seconds(-1)...(.seconds(1)) }),
        ("failureBackoff", { $0.failureBackoff = .seconds(1)...(.seconds(Int64.max)) }),
        ("refreshAhead", { $0.refreshAhead = -0.1 }),
        ("refreshAhead", { $0.refreshAhead = 1.1 }),
        ("refreshAhead", { $0.refreshAhead = .nan }),
        ("refreshAhead", { $0.refreshAhead = .infinity }),
        ("jitter", { $0.jitter = -0.1 }),
        ("jitter", { $0.jitter = 1.1 }),
        ("jitter", { $0.jitter = .nan }),
        ("capacity", { $0.capacity = 0 }),
        ("capacity", { $0.capacity = -1 }),
    ]

    @Test(arguments: refused.indices) func `A setting that cannot be obeyed is refused by name`(index: Int) async throws
    {
        let (setting, change) = Self.refused[index]
        let error = try await failure { try CacheFixture(change).cache }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains(setting))
        #expect(!error.remedy.isEmpty)
    }

    @Test func `The bounds themselves are allowed`() throws {
        _ = try CacheFixture { policy in
            policy.timeToLive = .zero
            policy.negativeTimeToLive = .zero
            policy.failureBackoff = .zero...(.zero)
            policy.refreshAhead = 0
            policy.capacity = 1
        }
        let hundredYears = Duration.seconds(36_500 * 86_400)
        _ = try CacheFixture { policy in
            policy.timeToLive = hundredYears
            policy.negativeTimeToLive = hundredYears
            policy.staleIfError = hundredYears
            policy.failureBackoff = hundredYears...hundredYears
            policy.refreshAhead = 1
            policy.jitter = 1
        }
        try CachePolicy().validate()
    }

    @Test func `A TTL of zero keeps nothing`() async throws {
        let fixture = try CacheFixture { $0.timeToLive = .zero }
        for number in 1...3 { #expect(await fixture.outcome() == "a\(number) fresh") }
        #expect(fixture.cache.summary(of: "a") == nil)
        #expect(fixture.cache.statistics.count == 0)
        // Not even for an outage.
        fixture.source.fail()
        #expect(await fixture.outcome() == "unavailable")
    }

    @Test func `With a TTL of zero concurrent reads still share one`() async throws {
        let fixture = try CacheFixture { $0.timeToLive = .zero }
        fixture.source.hold()
        let readers = (1...10).map { _ in Task { try await fixture.read() } }
        try await until { fixture.cache.statistics.misses == 10 }
        fixture.source.releaseAll()
        for reader in readers { #expect(try await reader.value == "a1") }
        #expect(fixture.source.count == 1)
    }

    @Test func `A TTL of a hundred years lasts that long and no longer`() async throws {
        let fixture = try CacheFixture { policy in
            policy.timeToLive = .seconds(36_500 * 86_400)
            policy.staleIfError = .seconds(36_500 * 86_400)
            policy.refreshAhead = 0
        }
        _ = try await fixture.read()
        fixture.advance(36_500 * 86_400 - 1)
        #expect(await fixture.outcome() == "a1 fresh")
        fixture.source.fail()
        fixture.advance(1)
        #expect(await fixture.outcome() == "a1 expired")
        fixture.advance(36_500 * 86_400)
        #expect(await fixture.outcome() == "unavailable")
    }
}
