import ExtensionHooks
import KeyHooks
import Testing

struct WarningTests {
    @Test func `Nothing is warned of before the key is asked for`() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["OPENAI_API_KEY": "changeme", "GROQ_API_KEY": "None"],
            onWarning: { warnings.add($0) }
        )
        #expect(resolver.isConfigured("openai"))
        #expect(try resolver.explain(service: "openai").warnings.count == 1)
        _ = try resolver.list()
        #expect(warnings.events.isEmpty)
        _ = try await resolver.getAPIKey(service: "openai")
        #expect(warnings.events.map(\.service) == ["openai"])
    }

    @Test(arguments: ["openai", "chatgpt", "nobody_knows"])
    func `A warning is given once`(name: String) async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["OPENAI_API_KEY": "changeme", "NOBODY_KNOWS_API_KEY": "changeme"],
            onWarning: { warnings.add($0) }
        )
        for _ in 0..<3 { _ = try await resolver.getAPIKey(service: Service(name)) }
        #expect(warnings.events.count == 1)
    }

    @Test func `A hook that answers spares the warning`() async throws {
        let warnings = Recording<KeyWarning>()
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "vault") { $0.result = .success(.found(APIKey("sk-1"))) }
        }
        let resolver = try KeyResolver(
            registry: registry,
            environment: ["OPENAI_API_KEY": "changeme"],
            onWarning: { warnings.add($0) }
        )
        _ = try await resolver.getAPIKey(service: "openai")
        #expect(warnings.events.isEmpty)
    }

    @Test func `The variable of a separate account is no conflict`() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["MINIMAX_CN_API_KEY": "china", "MINIMAX_API_KEY": "international"],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getAPIKey(service: "minimax-cn")?.value == "china")
        #expect(try await resolver.getAPIKey(service: "minimax")?.value == "international")
        #expect(warnings.events.isEmpty)
    }

    @Test(arguments: [("ANTHROPIC_AUTH_TOKEN", false), ("CLAUDE_CODE_OAUTH_TOKEN", false), ("API_KEY_ANTHROPIC", true)])
    func `A variable that goes into another header field is no conflict`(other: String, isConflict: Bool) async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["ANTHROPIC_API_KEY": "sk-ant-1", other: "token"],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getAPIKey(service: "anthropic")?.value == "sk-ant-1")
        #expect(warnings.events.map(\.code) == (isConflict ? [.conflictingVariables] : []))
    }

    @Test func `A shared variable with another value is no conflict`() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["GITHUB_MODELS_KEY": "own", "GITHUB_TOKEN": "shared"],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getAPIKey(service: "github")?.value == "own")
        #expect(warnings.events.isEmpty)
    }
}
