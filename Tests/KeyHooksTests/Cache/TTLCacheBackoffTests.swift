import KeyHooks
import KeyHooksTesting
import Testing

/// An outage costs one attempt a window, not one a read.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheBackoffTests {
    /// The windows after failures in a row: reads in vain until the source is asked again.
    private func windows(of fixture: CacheFixture, _ count: Int) async throws -> [Duration] {
        var windows: [Duration] = []
        for _ in 0..<count {
            #expect(await fixture.outcome() == "unavailable")
            let window = try #require(fixture.cache.summary(of: "a")).retryIn ?? .zero
            let asked = fixture.source.count
            if window > .zero {
                fixture.clock.advance(by: window - tick)
                for _ in 1...10 { #expect(await fixture.outcome() == "unavailable") }
                fixture.clock.advance(by: tick)
            }
            #expect(fixture.source.count == asked)
            windows.append(window)
        }
        return windows
    }

    @Test func `The window doubles up to the bound`() async throws {
        let fixture = try CacheFixture { $0.failureBackoff = .seconds(1)...(.seconds(6)) }
        fixture.source.fail()
        #expect(try await windows(of: fixture, 6) == [1, 2, 4, 6, 6, 6].map { Duration.seconds($0) })
        #expect(fixture.source.count == 6)
    }

    @Test func `It doubles while an expired value bridges the outage`() async throws {
        let fixture = try CacheFixture()
        _ = try await fixture.read()
        fixture.source.fail()
        fixture.advance(100)
        for _ in 1...40 {
            #expect(await fixture.outcome() == "a1 expired")
            try await fixture.settle()
            fixture.advance(1)
        }
        // After 0, 1, 3, 7, 15, 23, 31 and 39 seconds.
        #expect(fixture.source.count == 1 + 8)
    }

    @Test func `A success resets it`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail()
        _ = try await windows(of: fixture, 4)
        fixture.source.recover()
        #expect(await fixture.outcome() == "a5 fresh")
        fixture.source.fail()
        fixture.advance(1000)
        #expect(try await windows(of: fixture, 2) == [.seconds(1), .seconds(2)])
    }

    @Test func `Forgetting the key resets it`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail()
        _ = await fixture.outcome()
        fixture.cache.invalidate("a")
        fixture.source.recover()
        #expect(await fixture.outcome() == "a2 fresh")
    }

    @Test(arguments: [
        (asked: -5.0, window: 1.0), (0, 1), (0.5, 1), (3, 3), (8, 8), (9, 8), (31_536_000, 8), (1e18, 8),
    ])
    func `What the source asks for is honoured up to the bound`(asked: Double, window: Double) async throws {
        let fixture = try CacheFixture(handling: { _ in .passing(retryAfter: .seconds(asked)) })
        fixture.source.fail()
        #expect(try await windows(of: fixture, 1) == [.seconds(window)])
    }

    @Test func `What the source asks for does not shorten a longer window`() async throws {
        let fixture = try CacheFixture(handling: { _ in .passing(retryAfter: .seconds(3)) })
        fixture.source.fail()
        #expect(try await windows(of: fixture, 4) == [3, 3, 4, 8].map { Duration.seconds($0) })
    }

    @Test func `The jitter never undercuts the lower bound or what the source asks for`() async throws {
        for (asked, expected) in [(nil, [1, 1, 1]), (Duration.seconds(3), [3, 3, 3])] as [(Duration?, [Int])] {
            let fixture = try CacheFixture(random: 1, { $0.jitter = 1 }, handling: { _ in .passing(retryAfter: asked) })
            fixture.source.fail()
            #expect(try await windows(of: fixture, 3) == expected.map { Duration.seconds($0) })
        }
    }

    @Test func `The jitter spreads the longer windows`() async throws {
        let fixture = try CacheFixture(random: 0.5) { $0.jitter = 0.5 }
        fixture.source.fail()
        #expect(try await windows(of: fixture, 4) == [1, 1.5, 3, 6].map { Duration.seconds($0) })
    }

    @Test func `Bounds of zero switch it off`() async throws {
        let fixture = try CacheFixture { $0.failureBackoff = .zero...(.zero) }
        fixture.source.fail()
        #expect(try await windows(of: fixture, 3) == [.zero, .zero, .zero])
        #expect(fixture.source.count == 3)
    }

    @Test func `Many failures in a row do no harm`() async throws {
        let fixture = try CacheFixture { $0.failureBackoff = .zero...(.seconds(8)) }
        fixture.source.fail()
        for _ in 1...300 { _ = await fixture.outcome() }
        #expect(fixture.cache.summary(of: "a")?.failureCount == 300)
    }

    @Test func `Concurrent reads after the window make one attempt`() async throws {
        let fixture = try CacheFixture()
        fixture.source.fail()
        _ = await fixture.outcome()
        fixture.advance(1)
        fixture.source.hold()
        let readers = (1...10).map { _ in Task { await fixture.outcome() } }
        try await until { fixture.cache.statistics.misses == 11 }
        fixture.source.releaseAll()
        for reader in readers { #expect(await reader.value == "unavailable") }
        #expect(fixture.source.count == 2)
    }
}
