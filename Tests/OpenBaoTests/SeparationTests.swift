import ExtensionHooks
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Keys that must not be mistaken for each other")
struct SeparationTests {
    /// Swift's strings are equal where the server's are not.
    @Test(
        "Names that are canonically equivalent are two tenants",
        arguments: [("acme-K", "acme-\u{212A}"), ("caf\u{E9}", "cafe\u{301}"), ("\u{C5}", "\u{212B}")]
    )
    func equivalent(_ first: String, _ second: String) async throws {
        let vault = try await Vault()
        for (name, key) in [(first, "sk-first"), (second, "sk-second")] {
            let bytes = name.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            try await vault.admin.put(vault.mount, "ai/\(bytes)", ["OPENAI_API_KEY": key])
        }
        let resolver = try vault.resolver(path: "ai/{tenant}")
        for _ in 1...2 {
            #expect(try await resolver.value("openai", scope: KeyScope(tenant: first)) == "sk-first")
            #expect(try await resolver.value("openai", scope: KeyScope(tenant: second)) == "sk-second")
        }
        #expect(KeyScope(tenant: first) != KeyScope(tenant: second))
    }

    @Test("A slash is a slash whatever mark follows it", arguments: ["\u{FE0F}", "\u{301}", "\u{200D}"])
    func marked(_ mark: String) async throws {
        let vault = try await Vault()
        let resolver = try vault.resolver(path: "ai/{tenant}", environment: ["OPENAI_API_KEY": "sk-environment"])
        let scope = KeyScope(tenant: "acme/\(mark)x")
        #expect(await resolver.failure("openai", scope: scope)?.code == .invalidScope)
    }

    @Test("A mount that is no KV engine says nothing about keys")
    func otherEngine() async throws {
        let vault = try await Vault()
        let resolver = try vault.resolver(environment: ["OPENAI_API_KEY": "sk-environment"]) { $0.mount = "cubbyhole" }
        #expect(await resolver.failure("openai")?.code == .invalidConfiguration)
    }

    @Test("What a mount is is asked once, and a token that may not ask is believed")
    func mountIsAskedOnce() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/other", ["key": "x"])
        let asked = "internal/ui/mounts/\(vault.mount)"
        let limited = try await vault.token(reading: "ai/*")
        let resolver = try vault.resolver(path: "ai/{service}", token: limited)
        for service in ["openai", "groq"] { #expect(try await resolver.value(Service(service)) == nil) }
        #expect(try vault.server.requestCount(pathContaining: asked) == 1)
    }

    @Test("A hook that changes the service to an alias gets the secret of that service")
    func alias() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/zai", ["key": "sk-vault"])
        let registry = HookRegistry()
        let plugin = try vault.plugin(path: "ai/{service}")
        try registry.register { plugin.register(in: &$0) }
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/route", priority: 1) { call in
                if call.arguments.service == "openai" { call.arguments.service = "z.ai" }
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: ["ZAI_API_KEY": "sk-environment"])
        #expect(try await resolver.value("openai") == "sk-vault")
        #expect(try await resolver.value("z.ai") == "sk-vault")
    }

    @Test("Two parts of a request in one segment are refused: their border would be anybody's guess")
    func twoParts() throws {
        let error = #expect(throws: KeyResolutionError.self) {
            try OpenBaoPlugin(OpenBaoConfiguration(path: "ai/{tenant}-{project}"), environment: [:])
        }
        #expect(error?.code == .invalidConfiguration)
    }
}
