import ExtensionHooks
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("A path that the program changes")
struct OverriddenPathTests {
    private func filled() async throws -> Vault {
        let vault = try await Vault()
        for path in ["ai/openai", "ai/groq", "team/key"] {
            try await vault.admin.put(vault.mount, path, ["key": "\(path) 1"])
        }
        return vault
    }

    @Test("It holds at once, although the old answer is kept, and until it is taken back")
    func atOnce() async throws {
        let vault = try await filled()
        let resolver = try vault.resolver(path: "ai/{service}")
        for _ in 1...2 { #expect(try await resolver.value("openai") == "ai/openai 1") }
        try resolver.override("openai") { $0["openbao"] = ["path": "team/key"] }
        for _ in 1...2 { #expect(try await resolver.value("openai") == "team/key 1") }
        #expect(try resolver.cachedAPIKey(service: "openai")?.value == "team/key 1")
        #expect(try resolver.explain(service: "openai").cached.first?.source.hasSuffix("/team/key") == true)
        try resolver.removeOverride("openai")
        #expect(try await resolver.value("openai") == "ai/openai 1")
        #expect(try vault.reads(of: "ai/openai") == 1)
    }

    @Test("Overrides leave a plugin as it is: what it keeps of other services is still there")
    func keepsPlugin() async throws {
        let vault = try await filled()
        let resolver = try vault.configured("", path: "ai/{service}")
        #expect(try await resolver.value("groq") == "ai/groq 1")
        try resolver.override("openai") { $0["openbao"] = ["path": "team/key"] }
        #expect(try await resolver.value("openai") == "team/key 1")
        #expect(try await resolver.value("groq") == "ai/groq 1")
        #expect(try vault.reads(of: "ai/groq") == 1)
    }

    @Test(
        "A service is forgotten where its path is another's, and where it is like the common one",
        arguments: [
            "team/key", "ai/groq",
        ]
    )
    func invalidated(_ path: String) async throws {
        let vault = try await filled()
        let resolver = try vault.resolver(path: "ai/{service}")
        try resolver.override("openai") { $0["openbao"] = ["path": PluginSetting(path)] }
        #expect(try await resolver.value("openai") == "\(path) 1")
        try await vault.admin.put(vault.mount, path, ["key": "2"])
        #expect(try await resolver.value("openai") == "\(path) 1")
        resolver.invalidate("openai")
        #expect(try await resolver.value("openai") == "2")
    }

    @Test("A secret is forgotten for every service that any resolver looks for in it")
    func invalidatedForAll() async throws {
        let vault = try await filled()
        let plugin = try vault.plugin(path: "ai/{service}")
        let registry = HookRegistry()
        try registry.register { plugin.register(in: &$0) }
        func resolver(_ providers: [Service: ProviderSettings]) throws -> KeyResolver {
            try KeyResolver(configuration: KeyConfiguration(providers: providers), registry: registry, environment: [:])
        }
        let team = ProviderSettings.openBao(["path": "team/key", "field": "key"])
        let first = try resolver(["openai": team])
        let second = try resolver(["groq": team])
        #expect(try await first.value("openai") == "team/key 1")
        #expect(try await second.value("groq") == "team/key 1")
        try await vault.admin.put(vault.mount, "team/key", ["key": "2"])
        second.invalidate("groq")
        #expect(try await second.value("groq") == "2")
        try await vault.admin.put(vault.mount, "team/key", ["key": "3"])
        first.invalidate("openai")
        #expect(try await first.value("openai") == "3")
    }

    @Test(
        "What the program says wrongly of a service ends the call",
        arguments: [["path": ""], ["field": "{x}"], ["pth": "a"]] as [[String: PluginSetting]]
    )
    func mistaken(_ settings: [String: PluginSetting]) async throws {
        let vault = try await filled()
        let resolver = try vault.resolver(with: ["openai": .openBao(settings)], path: "ai/{service}")
        let error = try #require(await resolver.failure("openai"))
        #expect(error.code == .invalidConfiguration && error.message.contains("of 'openai' is wrong"), "\(error)")
        #expect(try await resolver.value("groq") == "ai/groq 1")
    }

    @Test("A secret that two providers are pointed at is nobody's own: common field names do not count in it")
    func shared() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "team/keys", ["key": "sk-whose", "OPENAI_API_KEY": "sk-openai"])
        let resolver = try vault.configured(
            "providers: {openai: {openbao: {path: 'team/keys'}}, anthropic: {openbao: {path: 'team/keys'}}}"
        )
        #expect(try await resolver.value("openai") == "sk-openai")
        #expect(try await resolver.value("anthropic") == nil)
    }
}
