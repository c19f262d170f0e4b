import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Many at once")
struct LoadTests {
    @Test("Ten thousand callers who miss at once make one read")
    func misses() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let resolver = try vault.resolver()
        let found = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 1...10_000 { group.addTask { try await resolver.value("openai") == "sk-1" } }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(found == 10_000)
        #expect(try vault.reads(of: "ai/providers") == 1)
    }

    @Test("A read that the server puts off is repeated when it says")
    func rateLimit() async throws {
        var vault = try await Vault()
        vault.isInRealTime = true
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        try await vault.admin.setRateLimit(vault.mount, rate: 1, interval: "2s")
        let resolver = try vault.resolver()
        let (admin, mount) = (vault.admin, vault.mount)
        try await until("the quota is used up") {
            try await admin.get(mount, "ai/providers").status == 429
        }
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.loads == 1)
        #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.failures == 0)
    }
}
