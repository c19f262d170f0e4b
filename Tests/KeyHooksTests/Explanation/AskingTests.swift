import ExtensionHooks
import KeyHooks
import Testing

/// Asking is not resolving.
struct AskingTests {
    @Test func `explain, isConfigured and list call no hook`() async throws {
        let registry = HookRegistry()
        let calls = Recording<String>()
        try registry.register { hooks in hooks.observe { calls.add("observed \($0.point)") } }
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "spy/start") { _ in calls.add("start") } }
        try registry.register { hooks in hooks.onEnd(.getAPIKey, id: "spy/end") { _ in calls.add("end") } }
        try registry.register { hooks in hooks.onStart(.getSecret, id: "spy/secret") { _ in calls.add("secret") } }
        let resolver = try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-1"])
        #expect(try resolver.explain(service: "openai").outcome == .found)
        #expect(resolver.isConfigured("openai") && !resolver.isConfigured("groq"))
        #expect(try resolver.list().count == resolver.catalogue.all.count)
        #expect(calls.events.isEmpty)
        _ = try await resolver.getAPIKey(service: "openai")
        #expect(calls.events == ["start", "end", "observed getAPIKey"])
    }

    @Test(arguments: [
        ("openai", true), ("chatgpt", true), ("OpenAI", true), ("ollama", true), ("groq", false), ("nobody", false),
        ("open/ai", false), ("", false),
    ])
    func `isConfigured says whether the environment suffices`(name: String, isConfigured: Bool) throws {
        let resolver = try KeyResolver(environment: ["OPENAI_API_KEY": "sk-1"])
        #expect(resolver.isConfigured(Service(name)) == isConfigured)
    }

    @Test func `list has every service in order and what is set`() throws {
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["acme": ProviderSettings(aliases: ["acme_ai"])]),
            environment: ["ACME_API_KEY": "sk-1"]
        )
        let list = try resolver.list()
        #expect(list.map(\.service) == list.map(\.service).sorted())
        #expect(list.filter { $0.outcome == .found }.map(\.service) == ["acme"])
        let acme = try #require(list.first { $0.service == "acme" })
        #expect(acme.aliases == ["acme_ai"])
        #expect(acme.winner?.variable == "ACME_API_KEY" && acme.winner?.place == "process environment")
        #expect(acme.winner?.line == nil)
        #expect(list.first { $0.service == "snowflake" }?.fields == ["account"])
    }
}

/// A list is of the profile that was asked for.
struct ListOfProfileTests {
    private func resolver() throws -> KeyResolver {
        var configuration = KeyConfiguration()
        configuration.profiles["prod"] = KeyProfile(providers: ["openai": ProviderSettings(env: ["PROD_KEY"])])
        return try KeyResolver(configuration: configuration, environment: ["PROD_KEY": "sk-1"])
    }

    @Test func `What a profile says counts under it alone`() throws {
        let resolver = try resolver()
        #expect(try resolver.list(profile: "prod").first { $0.service == "openai" }?.outcome == .found)
        #expect(try resolver.list().first { $0.service == "openai" }?.outcome == .absent)
    }

    @Test func `A profile that the configuration does not have is refused`() throws {
        let resolver = try resolver()
        let error = #expect(throws: KeyResolutionError.self) { try resolver.list(profile: "prdo") }
        #expect(error?.code == .invalidConfiguration && error?.description.contains("'prod'") == true)
    }
}

/// A store that serves only named fields is listed where fields are.
struct FieldHookExplanationTests {
    @Test func hooksForFieldsAreListedForServicesWithFields() throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme/fields") { _ in Issue.record("explain must ask nobody") }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(try resolver.explain(service: "bedrock").hooks.map(\.point) == ["getSecret"])
        #expect(try resolver.explain(service: "openai").hooks.isEmpty)
    }
}
