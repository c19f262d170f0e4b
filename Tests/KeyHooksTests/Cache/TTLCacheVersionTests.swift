import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

/// No value is followed by an older one, whatever node of a cluster answers.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheVersionTests {
    private static let day = Date(timeIntervalSince1970: 1_700_000_000)

    private func load(_ version: Int, made: TimeInterval? = nil) -> SourceReading<String> {
        var load = SourceReading.value("v\(version)")
        load.rank = CacheRank(version: version, createdAt: Self.day + (made ?? TimeInterval(version)))
        return load
    }

    /// A cache that has given out version 5.
    private func fixture(_ change: (inout CachePolicy) -> Void = { _ in }) async throws -> CacheFixture {
        let fixture = try CacheFixture(change)
        fixture.source.bring(load(5))
        #expect(await fixture.outcome() == "v5 fresh")
        return fixture
    }

    @Test(arguments: [
        (version: 4, made: 4.0, isOlder: true), (4, 5, true), (5, 5, false), (5, 4, false), (6, 6, false),
        // Deleted for good and made anew.
        (1, 6, false),
        // The leader's clock is behind that of the one before it.
        (6, 4, false),
    ])
    func `An older one has a lower version and is not later`(version: Int, made: Double, isOlder: Bool) async throws {
        let fixture = try await fixture()
        fixture.source.bring(load(version, made: made))
        let outcome = await fixture.outcome(maximumAge: .zero)
        #expect(outcome == (isOlder ? "outdated" : "v\(version) fresh"))
        #expect(fixture.cache.peek("a")?.content == (isOlder ? "v5" : "v\(version)"))
    }

    @Test func `Without dates the version decides`() {
        #expect(CacheRank(version: 1).isOlder(than: CacheRank(version: 2, createdAt: Self.day)))
        #expect(CacheRank(version: 1, createdAt: Self.day).isOlder(than: CacheRank(version: 2)))
        #expect(!CacheRank(version: 2).isOlder(than: CacheRank(version: 2)))
    }

    @Test func `An older one counts as a failure that will pass`() async throws {
        let fixture = try await fixture()
        fixture.source.bring(load(4))
        fixture.advance(80)
        #expect(await fixture.outcome() == "v5 stale")
        try await fixture.settle()
        #expect(fixture.cache.summary(of: "a")?.failureCount == 1)
        #expect(fixture.cache.summary(of: "a")?.retryIn == .seconds(1))
        fixture.advance(20)
        #expect(await fixture.outcome() == "v5 expired")
        fixture.source.bring(load(6))
        fixture.advance(8)
        _ = await fixture.outcome()
        try await fixture.settle()
        #expect(await fixture.outcome() == "v6 fresh")
    }

    @Test func `The failure names the versions`() async throws {
        let fixture = try await fixture()
        fixture.source.bring(load(4))
        let error = try await failure { try await fixture.read(maximumAge: .zero) }
        #expect(error.code == .outdated)
        #expect(error.message.contains("version 4") && error.message.contains("version 5"))
    }

    @Test func `It holds though the newer one was forgotten or has died`() async throws {
        for isForgotten in [true, false] {
            let fixture = try await fixture()
            fixture.source.bring(load(4))
            if isForgotten { fixture.cache.invalidate("a") } else { fixture.advance(150) }
            #expect(await fixture.outcome() == "outdated")
            #expect(fixture.cache.newest(of: "a")?.rank.version == 5)
            fixture.source.bring(load(5))
            fixture.advance(1)
            #expect(await fixture.outcome() == "v5 fresh")
        }
    }

    @Test func `Where nothing is kept it holds as well`() async throws {
        let fixture = try await fixture { $0.timeToLive = .zero }
        #expect(fixture.cache.summary(of: "a") == nil)
        fixture.source.bring(load(4))
        #expect(await fixture.outcome() == "outdated")
    }

    @Test func `Five minutes past the TTL a restored backup is believed`() async throws {
        let fixture = try await fixture()
        fixture.source.bring(load(4))
        fixture.advanceJustBefore(400)
        #expect(await fixture.outcome() == "outdated")
        fixture.clock.advance(by: .seconds(1))
        #expect(fixture.cache.newest(of: "a") == nil)
        #expect(await fixture.outcome() == "v4 fresh")
        #expect(fixture.cache.newest(of: "a")?.rank.version == 4)
    }

    @Test func `An older one that is known to come after the newest is taken, and after no other`() async throws {
        let fixture = try await fixture()
        var back = load(4)
        back.replaced = load(6).rank
        fixture.source.bring(back)
        #expect(await fixture.outcome(maximumAge: .zero) == "outdated")
        back.replaced = load(5).rank
        fixture.source.bring(back)
        fixture.advance(1)
        #expect(await fixture.outcome(maximumAge: .zero) == "v4 fresh")
        #expect(fixture.cache.newest(of: "a")?.rank.version == 4)
    }

    @Test func `It is known how long ago the source brought the newest`() async throws {
        let fixture = try await fixture()
        fixture.advance(90)
        #expect(fixture.cache.newest(of: "a")?.age == .seconds(90))
    }

    @Test func `What is remembered of a key that is no longer asked for goes`() async throws {
        let fixture = try await fixture()
        fixture.advance(400)
        _ = await fixture.outcome("b")
        #expect(fixture.cache.newest(of: "a") == nil)
    }

    @Test func `A value without a version is taken, and bars nothing`() async throws {
        let fixture = try await fixture()
        fixture.source.bring(.value("unranked"))
        #expect(await fixture.outcome(maximumAge: .zero) == "unranked fresh")
        fixture.source.bring(load(4))
        #expect(await fixture.outcome(maximumAge: .zero) == "outdated")
    }

    @Test func `An absence has a version too, if the source says so`() async throws {
        let fixture = try await fixture()
        var absence = SourceReading.absence("deleted")
        absence.rank = CacheRank(version: 4, createdAt: Self.day + 4)
        fixture.source.bring(absence)
        #expect(await fixture.outcome(maximumAge: .zero) == "outdated")
        absence.rank = CacheRank(version: 5, createdAt: Self.day + 5)
        fixture.source.bring(absence)
        fixture.advance(1)
        #expect(await fixture.outcome(maximumAge: .zero) == "absence fresh")
    }

    @Test func `A read from before an invalidation gives nothing older than the one from after it`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        defer { fixture.source.releaseAll() }
        let old = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        fixture.cache.invalidate("a")
        let new = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 2 }
        let (four, five) = (load(4), load(5))
        fixture.source.release(2) { _, _ in five }
        #expect(await new.value == "v5 fresh")
        fixture.source.release(1) { _, _ in four }
        #expect(await old.value == "v5 fresh")
    }

    @Test func `Nor is what it gives followed by an older one`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        defer { fixture.source.releaseAll() }
        let old = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 1 }
        fixture.cache.invalidate("a")
        let new = Task { await fixture.outcome() }
        try await until { fixture.source.heldCount == 2 }
        let (four, five) = (load(4), load(5))
        // The later read met the node that lags behind.
        fixture.source.release(2) { _, _ in four }
        #expect(await new.value == "v4 fresh")
        fixture.source.release(1) { _, _ in five }
        #expect(await old.value == "v5 fresh")
        fixture.source.releaseAll()
        fixture.source.bring(load(4))
        #expect(await fixture.outcome() == "outdated")
    }
}
