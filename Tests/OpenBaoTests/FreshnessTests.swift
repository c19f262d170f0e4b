import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Asking again")
struct FreshnessTests {
    @Test("A call may ask for a key that is not too old, or for a new one")
    func maximumAge() async throws {
        let (vault, resolver) = try await rotated()
        vault.clock.advance(by: .seconds(60))
        #expect(try await resolver.value("openai", maximumAge: .seconds(61)) == "old")
        #expect(try await resolver.value("openai", maximumAge: .seconds(60)) == "new")
        #expect(try await resolver.value("openai") == "new")
        #expect(try await resolver.value("openai", refresh: true) == "new")
        #expect(try vault.reads(of: "ai/providers") == 3)
    }

    @Test("A service that is forgotten is asked for again, and others are not")
    func invalidate() async throws {
        let vault = try await Vault()
        for service in ["openai", "groq"] { try await vault.admin.put(vault.mount, "ai/\(service)", ["key": "old"]) }
        let resolver = try vault.resolver(path: "ai/{service}")
        for service in ["openai", "groq"] { #expect(try await resolver.value(Service(service)) == "old") }
        for service in ["openai", "groq"] { try await vault.admin.put(vault.mount, "ai/\(service)", ["key": "new"]) }
        resolver.invalidate("openai")
        #expect(try await resolver.value("openai") == "new")
        #expect(try await resolver.value("groq") == "old")
        resolver.invalidateAll()
        #expect(try await resolver.value("groq") == "new")
        #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.loads == 4)
        #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.invalidations == 3)
    }

    @Test("Code that cannot wait gets a key once somebody has read it")
    func cached() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let resolver = try vault.resolver()
        #expect(try resolver.cachedAPIKey(service: "openai") == nil)
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-1")
        vault.clock.advance(by: .seconds(300))
        #expect(try resolver.cachedAPIKey(service: "openai") == nil)
    }

    @Test("An explanation tells how good the kept key is, and asks nobody")
    func states() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let resolver = try vault.resolver { $0.settings.cache.refreshAhead = 0.2 }
        func state() throws -> CachedKeyReport.State? { try resolver.explain(service: "openai").cached.first?.state }
        #expect(try state() == .notRead)
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(try state() == .fresh)
        vault.clock.advance(by: .seconds(240))
        #expect(try state() == .stale)
        vault.clock.advance(by: .seconds(60))
        #expect(try state() == .expired)
        vault.clock.advance(by: .seconds(3600))
        #expect(try state() == .dead)
        #expect(try vault.reads(of: "ai/providers") == 1)
    }

    private func rotated() async throws -> (Vault, KeyResolver) {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "old"])
        let resolver = try vault.resolver()
        #expect(try await resolver.value("openai") == "old")
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "new"])
        return (vault, resolver)
    }
}
