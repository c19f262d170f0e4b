import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("A server that has died")
struct OutageTests {
    @Test("A key is served within its TTL, then as stale, then no more")
    func stale() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
            let resolver = try vault.resolver { $0.settings.cache.staleIfError = .seconds(100) }
            #expect(try await resolver.value("openai") == "sk-1")
            try await server.kill()

            vault.clock.advance(by: .seconds(299))
            #expect(try await resolver.getAPIKey(service: "openai")?.provenance?.isStale == false)
            vault.clock.advance(by: .seconds(1))
            let key = try await resolver.getAPIKey(service: "openai")
            #expect(key?.value == "sk-1")
            #expect(key?.provenance?.isStale == true)
            #expect(try resolver.explain(service: "openai").cached.first?.state == .expired)
            // Asking for one that is not older than that does not get it.
            #expect(await resolver.failure("openai", maximumAge: .seconds(60))?.code == .unavailable)

            vault.clock.advance(by: .seconds(99))
            #expect(try await resolver.value("openai") == "sk-1")
            vault.clock.advance(by: .seconds(1))
            #expect(await resolver.failure("openai")?.code == .unavailable)
        }
    }

    @Test("One read fails a window, and not one a call")
    func window() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            let resolver = try vault.resolver()
            try await server.kill()
            for _ in 1...50 { #expect(await resolver.failure("openai")?.code == .unavailable) }
            #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.loads == 1)
            #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.failures == 1)
            #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.backedOff == 49)
            vault.clock.advance(by: .seconds(1))
            for _ in 1...50 { #expect(await resolver.failure("openai")?.code == .unavailable) }
            #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.loads == 2)
        }
    }
}
