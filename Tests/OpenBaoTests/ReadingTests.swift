import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@Suite("Reading keys from a real OpenBao")
struct ReadingTests {
    @Test("A bundled secret answers for all its services with one read")
    func bundle() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-o", "GROQ_API_KEY": "gsk-g"])
        let resolver = try vault.resolver()
        let key = try #require(try await resolver.getAPIKey(service: "openai"))
        #expect(key.value == "sk-o")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "gsk-g")
        #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-o")
        #expect(key.provenance?.version == "1")
        #expect(try vault.reads(of: "ai/providers") == 1)
    }

    @Test("A rotated key is seen after the TTL and not before")
    func rotation() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "old"])
        let resolver = try vault.resolver()
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "old")
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "new"])
        vault.clock.advance(by: .seconds(299))
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "old")
        vault.clock.advance(by: .seconds(1))
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "new")
    }
}
