import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("How long a provider's key is believed")
struct ProviderLifetimeTests {
    private func rotated(_ providers: [Service: ProviderSettings]) async throws -> (Vault, KeyResolver) {
        let vault = try await Vault()
        let names = ["OPENAI_API_KEY", "GROQ_API_KEY"]
        func put(_ value: String) async throws {
            let fields = Dictionary(uniqueKeysWithValues: names.map { ($0, value) })
            try await vault.admin.put(vault.mount, "ai/providers", fields)
        }
        try await put("old")
        let resolver = try vault.resolver(with: providers)
        for service in ["openai", "groq"] { #expect(try await resolver.value(Service(service)) == "old") }
        try await put("new")
        return (vault, resolver)
    }

    @Test("A shorter one ends earlier than the plugin's, in an entry of its own")
    func shorter() async throws {
        let (vault, resolver) = try await rotated(["openai": ProviderSettings(timeToLive: .seconds(30))])
        #expect(try vault.reads(of: "ai/providers") == 2)
        vault.clock.advance(by: .seconds(29))
        #expect(try await resolver.value("openai") == "old")
        vault.clock.advance(by: .seconds(1))
        #expect(try await resolver.value("openai") == "new")
        #expect(try await resolver.value("groq") == "old")
        vault.clock.advance(by: .seconds(270))
        #expect(try await resolver.value("groq") == "new")
    }

    @Test("A longer one ends later than the plugin's")
    func longer() async throws {
        let (vault, resolver) = try await rotated(["openai": ProviderSettings(timeToLive: .seconds(3600))])
        vault.clock.advance(by: .seconds(3599))
        #expect(try await resolver.value("openai") == "old")
        #expect(try await resolver.value("groq") == "new")
        vault.clock.advance(by: .seconds(1))
        #expect(try await resolver.value("openai") == "new")
    }

    @Test("None at all asks each time")
    func none() async throws {
        let (vault, resolver) = try await rotated(["openai": ProviderSettings(timeToLive: .zero)])
        for _ in 1...3 { #expect(try await resolver.value("openai") == "new") }
        #expect(try vault.reads(of: "ai/providers") == 5)
    }

    @Test("Providers with the same one share an entry")
    func shared() async throws {
        let settings = ProviderSettings(timeToLive: .seconds(30))
        let (vault, _) = try await rotated(["openai": settings, "groq": settings])
        #expect(try vault.reads(of: "ai/providers") == 1)
    }

    @Test("A rule that changes while the program runs holds at once, and the plugin's answers are kept")
    func atOnce() async throws {
        let (vault, resolver) = try await rotated([:])
        try resolver.override("openai") { $0.timeToLive = .seconds(30) }
        #expect(try await resolver.value("openai") == "new")
        #expect(try await resolver.value("groq") == "old")
        try resolver.removeOverride("openai")
        #expect(try await resolver.value("openai") == "old")
        #expect(try vault.reads(of: "ai/providers") == 2)
    }
}
