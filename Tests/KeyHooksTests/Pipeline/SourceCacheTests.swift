import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

/// What a source gets for nothing: one read for many, the states of what is kept, emptying and counting.
@Suite(.timeLimit(.minutes(5))) struct SourceCacheTests {
    let vault = ScriptedVault()

    @Test func `A thousand callers at once are one read`() async throws {
        vault.answer { request, number in
            for _ in 0..<50 { await Task.yield() }
            return "\(request.service)\(number)"
        }
        let fixture = try SourceFixture(vault)
        await withTaskGroup(of: String.self) { group in
            for _ in 0..<1000 { group.addTask { await fixture.outcome() } }
            for await outcome in group { #expect(outcome == "openai1") }
        }
        #expect(vault.reads.count == 1 && fixture.statistics.loads == 1)
    }

    @Test func `An outage is bridged by the last value within bounds, and no denial is`() async throws {
        let fixture = try SourceFixture(vault)
        #expect(await fixture.outcome() == "openai1")
        vault.fail()
        fixture.advance(100)
        #expect(await fixture.outcome() == "openai1 stale")
        #expect(try fixture.resolver.explain(service: "openai").cached.map(\.state) == [.expired])
        #expect(await fixture.outcome(refresh: true) == "unavailable")
        fixture.advance(50)
        #expect(await fixture.outcome() == "unavailable")
        vault.fail(denial)
        fixture.advance(60)
        #expect(await fixture.outcome() == "denied")
    }

    @Test func `A failure is remembered for its window`() async throws {
        vault.fail()
        let fixture = try SourceFixture(vault)
        for _ in 1...10 { #expect(await fixture.outcome() == "unavailable") }
        #expect(vault.reads.count == 1)
        fixture.advance(1)
        #expect(await fixture.outcome() == "unavailable" && vault.reads.count == 2)
    }

    @Test func `It is renewed ahead of its end, and given meanwhile`() async throws {
        let fixture = try SourceFixture(vault)
        #expect(await fixture.outcome() == "openai1")
        fixture.advance(75)
        #expect(await fixture.outcome() == "openai1")
        try await until { vault.reads.count == 2 }
        try await until { (try? fixture.resolver.cachedAPIKey(service: "openai"))?.value == "openai2" }
    }

    @Test func `How old it may be is the caller's to say, and code that cannot wait gets what is kept`() async throws {
        let fixture = try SourceFixture(vault)
        #expect(try fixture.resolver.cachedAPIKey(service: "openai") == nil)
        #expect(await fixture.outcome() == "openai1")
        #expect(try fixture.resolver.cachedAPIKey(service: "openai")?.value == "openai1")
        fixture.advance(60)
        #expect(try fixture.resolver.cachedAPIKey(service: "openai", maximumAge: .seconds(60)) == nil)
        let key = try await fixture.resolver.getAPIKey(service: "openai", maximumAge: .seconds(61))
        #expect(key?.value == "openai1")
        #expect(await fixture.outcome(refresh: true) == "openai2")
        #expect(await fixture.outcome() == "openai2")
    }

    @Test func `A service is forgotten and others are not, under all scopes`() async throws {
        let fixture = try SourceFixture(vault)
        let scopes = [KeyScope(), KeyScope(tenant: "t")]
        for service in ["openai", "groq"] as [Service] {
            for scope in scopes { _ = await fixture.outcome(service, scope: scope) }
        }
        fixture.resolver.invalidate("chatgpt")
        for scope in scopes { #expect(await fixture.outcome("groq", scope: scope).hasPrefix("groq")) }
        #expect(vault.reads.count == 4)
        for scope in scopes { _ = await fixture.outcome(scope: scope) }
        #expect(vault.reads.suffix(2) == ["openai", "openai"] && vault.reads.count == 6)
        fixture.resolver.invalidateAll()
        _ = await fixture.outcome("groq")
        #expect(vault.reads.count == 7)
    }

    @Test func `What is kept is counted and explained, and asking for that asks nobody`() async throws {
        let fixture = try SourceFixture(vault) { $0.fallback = .unavailable }
        func report() throws -> CachedKeyReport? { try fixture.resolver.explain(service: "openai").cached.first }
        #expect(try report()?.state == .notRead && vault.reads.isEmpty)
        for _ in 1...3 { _ = await fixture.outcome() }
        fixture.advance(10)
        #expect(try report()?.state == .fresh && report()?.age == 10 && report()?.expiresIn == 90)
        #expect(try report()?.plugin == "team-vault" && report()?.allowsFallback == true)
        #expect(fixture.statistics.hits == 2 && fixture.statistics.loads == 1 && fixture.statistics.count == 1)
        #expect(vault.reads.count == 1)
    }

    @Test func `A read that hangs has timed out, even where it takes no notice of that`() async throws {
        let held = Mutex<[CheckedContinuation<Void, Never>]>([])
        vault.answer { _, _ in
            await withCheckedContinuation { continuation in held.withLock { $0.append(continuation) } }
            return "late"
        }
        let fixture = try SourceFixture(vault) { $0.timeout = .seconds(3) }
        async let outcome = fixture.outcome()
        await fixture.clock.someoneSleeps()
        fixture.advance(3)
        #expect(await outcome == "timedOut")
        // The window is that of an outage.
        #expect(await fixture.outcome() == "timedOut" && vault.reads.count == 1)
        let error = try await failure { try await fixture.resolver.getAPIKey(service: "openai") }
        #expect(error.message == "plugin 'team-vault' took longer than 3.0 seconds")
        for continuation in held.withLock(\.self) { continuation.resume() }
        vault.answer { _, number in "openai\(number)" }
        fixture.advance(1)
        #expect(await fixture.outcome() == "openai2")
    }

    @Test func `A caller who gives up disturbs nobody else`() async throws {
        let gate = Mutex<CheckedContinuation<Void, Never>?>(nil)
        vault.answer { _, _ in
            await withCheckedContinuation { continuation in gate.withLock { $0 = continuation } }
            return "sk-1"
        }
        let fixture = try SourceFixture(vault)
        let (one, other) = (Task { await fixture.outcome() }, Task { await fixture.outcome() })
        try await until { fixture.statistics.misses == 2 && gate.withLock { $0 != nil } }
        one.cancel()
        #expect(await one.value == "CancellationError")
        gate.withLock { $0?.resume() }
        #expect(await other.value == "sk-1")
    }
}
