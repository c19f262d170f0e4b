import ExtensionHooks
import KeyHooks
import Testing

/// Counting and emptying the caches of all plugins.
@Suite(.timeLimit(.minutes(5))) struct EmptyingTests {
    let first: CachedVault
    let second: CachedVault
    let registry = HookRegistry()
    let resolver: KeyResolver

    init() throws {
        first = try CachedVault(id: "acme/vault")
        second = try CachedVault(id: "other/vault")
        // The second is asked only for what the first passes on.
        first.source.answer { key, number in
            key == "mistral" ? .absence("no such secret") : .value("\(key)\(number)")
        }
        try first.register(in: registry)
        try second.register(in: registry)
        resolver = try KeyResolver(registry: registry, environment: [:])
    }

    private func ask(_ services: Service...) async throws {
        for service in services { _ = try await resolver.getAPIKey(service: service) }
    }

    @Test func `What the caches did is counted by plugin`() async throws {
        #expect(resolver.cacheStatistics == ["acme": CacheStatistics(), "other": CacheStatistics()])
        try await ask("openai", "openai", "chatgpt", "mistral", "groq")
        let statistics = resolver.cacheStatistics
        #expect(statistics["acme"]?.loads == 2 && statistics["acme"]?.hits == 2)
        #expect(statistics["acme"]?.misses == 2 && statistics["acme"]?.count == 2)
        #expect(statistics["other"]?.loads == 1 && statistics["other"]?.count == 1)
    }

    @Test(arguments: ["openai", "chatgpt", "OpenAI"])
    func `Forgetting a service, under any of its names, makes the next call ask again`(name: String) async throws {
        try await ask("openai", "cohere")
        resolver.invalidate(Service(name))
        try await ask("openai", "cohere")
        #expect(first.source.reads == ["openai", "cohere", "openai"])
        #expect(resolver.cacheStatistics["acme"]?.invalidations == 1)
    }

    @Test func `Forgetting reaches every plugin, and forgetting all leaves nothing`() async throws {
        try await ask("mistral")
        resolver.invalidate("mistral")
        #expect(resolver.cacheStatistics.values.map(\.count) == [0, 0])
        try await ask("mistral", "openai")
        resolver.invalidateAll()
        #expect(resolver.cacheStatistics.values.map(\.count) == [0, 0])
        try await ask("mistral", "openai")
        #expect(first.source.reads == ["mistral", "mistral", "openai", "mistral", "openai"])
        #expect(second.source.reads == ["mistral", "mistral", "mistral"])
    }

    @Test func `Forgetting what is not kept or no service does nothing`() {
        for name in ["nobody", "../etc", "", "groq"] { resolver.invalidate(Service(name)) }
        #expect(resolver.cacheStatistics["acme"] == CacheStatistics())
    }

    @Test func `What a read under way brings is not kept`() async throws {
        first.source.hold()
        async let key = resolver.getAPIKey(service: "openai")
        try await until { first.source.heldCount == 1 }
        resolver.invalidate("openai")
        first.source.releaseAll()
        _ = try await key
        #expect(try resolver.cachedAPIKey(service: "openai")?.value != "openai1")
        try await ask("openai")
        #expect(try resolver.cachedAPIKey(service: "openai")?.value == "openai2")
    }

    @Test func `A failure is forgotten too`() async throws {
        first.source.fail()
        #expect(try await failure { try await resolver.getAPIKey(service: "openai") }.code == .unavailable)
        first.source.recover()
        resolver.invalidate("openai")
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "openai2")
    }

    @Test func `Observers see nothing of it`() async throws {
        let seen = Recording<String>()
        try registry.register { hooks in hooks.observe { seen.add($0.point) } }
        resolver.invalidate("openai")
        resolver.invalidateAll()
        _ = resolver.cacheStatistics
        _ = try resolver.explain(service: "openai")
        #expect(seen.events.isEmpty)
    }

    @Test func `A plugin that is switched off or taken away has no cache here`() async throws {
        try await ask("openai")
        let off = try KeyResolver(registry: registry, environment: [:], pluginUse: .never)
        off.invalidateAll()
        #expect(off.cacheStatistics.isEmpty)
        #expect(try off.explain(service: "openai").cached.isEmpty)
        #expect(resolver.cacheStatistics["acme"]?.count == 1)
        let third = try CachedVault(id: "third/vault")
        let registration = try third.register(in: registry)
        #expect(resolver.cacheStatistics.count == 3)
        registration.cancel()
        #expect(resolver.cacheStatistics.count == 2)
        // A plugin may have two caches.
        try registry.register { $0.provide(Twin()) }
        #expect(resolver.cacheStatistics.count == 2)
        #expect(resolver.cacheStatistics["acme"]?.count == 1)
    }

    private struct Twin: KeyCache {
        let id: HookID = "acme/vault"
        let statistics = CacheStatistics()

        func report(on request: KeyRequest) -> CachedKeyReport? { nil }
        func reject(_ key: APIKey, from origin: KeyOrigin, for request: KeyRequest) {}

        func invalidate(_ service: Service?) {}
    }
}
