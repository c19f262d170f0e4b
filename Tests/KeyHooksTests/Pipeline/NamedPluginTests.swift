import ExtensionHooks
import KeyHooks
import Testing

/// What a configuration says of a service holds under every one of its names and for every hook.
@Suite(.timeLimit(.minutes(5))) struct HostileRuleTests {
    @Test func `A profile that names a service by its own alias keeps what holds without the profile`() async throws {
        let text = """
            {"plugins": {"none": {}}, "providers": {"openai": {"only": "none", "aliases": ["corp"]}},
             "profiles": {"prod": {"providers": {"corp": {"ttl": "5m"}}}}}
            """
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(parsing: text),
            plugins: [Nothing.plugin],
            environment: ["OPENAI_API_KEY": "sk-weaker"]
        )
        for profile in [nil, "prod"] {
            for service in ["openai", "corp"] {
                let key = try await resolver.getAPIKey(service: Service(service), scope: KeyScope(profile: profile))
                #expect(key == nil, "\(service) \(profile ?? "")")
            }
        }
        let explanation = try resolver.explain(service: "openai", scope: KeyScope(profile: "prod"))
        #expect("\(explanation)".contains("profiles.prod.providers.corp"))
    }

    struct Nothing: KeyPlugin, KeySource {
        static let id: PluginID = "none"
        init(_ configuration: NoSettings, in context: PluginContext) {}
        func read(_ request: KeyRequest) async throws -> String? { nil }
    }

    @Test func `One service under two names is a mistake`() throws {
        let providers: [Service: ProviderSettings] = [
            "gemini": ProviderSettings(plugins: []), "google": ProviderSettings(timeToLive: .seconds(1)),
        ]
        let error = #expect(throws: KeyResolutionError.self) {
            try KeyResolver(configuration: KeyConfiguration(providers: providers), environment: [:])
        }
        #expect(error?.message == "providers.gemini and providers.google are the same service")
    }

    @Test(arguments: [ProviderSettings(plugins: ["vault"]), ProviderSettings(plugins: [])])
    func `An end hook of a plugin that isn't named can't replace the answer`(_ settings: ProviderSettings) async throws
    {
        let registry = HookRegistry()
        let vault = ScriptedVault()
        vault.fail(KeyResolutionError(.denied, "no", remedy: "ask"))
        try registry.register { hooks in
            hooks.answer(from: vault, id: "vault")
            hooks.onEnd(.getAPIKey, id: "other") { call in call.result = .success(.found(APIKey("sk-other"))) }
        }
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": settings]),
            registry: registry,
            environment: ["OPENAI_API_KEY": "sk-env"]
        )
        let error = try await failure { try await resolver.getAPIKey(service: "openai") }
        #expect(error.code == .denied && error.message.contains("'other' answered for 'openai'"), "\(error)")
        // Of a service without such a rule it may.
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "sk-other")
    }

    @Test func `Nor can it where the request was changed to a service of which nothing is said`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "rewriting") { call in call.arguments.service = "groq" }
            hooks.onEnd(.getAPIKey, id: "other") { call in call.result = .success(.found(APIKey("sk-other"))) }
        }
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": ProviderSettings(plugins: ["rewriting"])]),
            registry: registry,
            environment: ["GROQ_API_KEY": "gsk-env"]
        )
        let error = try await failure { try await resolver.getAPIKey(service: "openai") }
        #expect(error.code == .denied && error.message.contains("'other' answered for 'groq'"), "\(error)")
    }

    @Test(arguments: [true, false])
    func `Nor can the environment or the start of another plugin, of whatever service`(isOnly: Bool) async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "rewriting") { call in call.arguments.service = "groq" }
            if !isOnly { hooks.onStart(.getAPIKey, id: "other") { $0.answer(APIKey("sk-other")) } }
        }
        let word = isOnly ? "only" : "plugins"
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(
                parsing: "{ providers: { openai: { \(word): 'rewriting' }, groq: { ttl: '5m' } } }"
            ),
            registry: registry,
            environment: ["GROQ_API_KEY": "gsk-env"]
        )
        let error = try await failure { try await resolver.getAPIKey(service: "openai") }
        #expect(error.code == .denied && error.service == "openai", "\(error)")
    }

    @Test func `The environment may where the rule leaves it open`() async throws {
        let registry = HookRegistry()
        try registry.register { $0.onStart(.getAPIKey, id: "rewriting") { call in call.arguments.service = "groq" } }
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": ProviderSettings(plugins: ["rewriting"])]),
            registry: registry,
            environment: ["GROQ_API_KEY": "gsk-env"]
        )
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "gsk-env")
    }
}

/// A plugin that is named is asked although its filter says otherwise, but none of its hooks in place of another.
@Suite struct NamedPluginTests {
    private func resolver(_ hooks: [(HookID, ServiceFilter, String)]) throws -> KeyResolver {
        let registry = HookRegistry()
        try registry.register { bundle in
            for (id, services, key) in hooks {
                bundle.onStart(.getAPIKey, id: id, filter: .services(services)) { $0.answer(APIKey(key)) }
            }
        }
        let named = KeyConfiguration(providers: ["openai": ProviderSettings(plugins: ["acme"])])
        return try KeyResolver(configuration: named, registry: registry, environment: [:])
    }

    @Test func `Its only hook is asked`() async throws {
        let resolver = try resolver([("acme/groq", ["groq"], "gsk")])
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "gsk")
        #expect(try await resolver.getAPIKey(service: "xai") == nil)
    }

    @Test func `Of several the one is asked that is for the service`() async throws {
        let both: [(HookID, ServiceFilter, String)] = [
            ("acme/groq", ["groq"], "gsk"), ("acme/openai", ["openai"], "sk"),
        ]
        #expect(try await resolver(both).getAPIKey(service: "openai")?.value == "sk")
        #expect(try await resolver(both.reversed()).getAPIKey(service: "openai")?.value == "sk")
        #expect(try await resolver(both).getAPIKey(service: "groq")?.value == "gsk")
    }

    @Test func `A hook that is disabled counts, so that another one isn't asked in its place`() async throws {
        let registry = HookRegistry()
        try registry.register { bundle in
            bundle.onStart(.getAPIKey, id: "acme/groq", filter: .services(["groq"])) { $0.answer(APIKey("gsk")) }
            bundle.onStart(.getAPIKey, id: "acme/openai", filter: .services(["openai"])) { $0.answer(APIKey("sk")) }
        }
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": ProviderSettings(plugins: ["acme"])]),
            registry: registry.derived(disabling: ["acme/openai"]),
            environment: [:]
        )
        #expect(try await resolver.getAPIKey(service: "openai") == nil)
    }

    @Test func `A hook that only watches doesn't count`() async throws {
        let registry = HookRegistry()
        try registry.register { bundle in
            bundle.onStart(.getAPIKey, id: "acme/watch") { _ in }
            bundle.onStart(.getAPIKey, id: "acme/groq", filter: .services(["groq"])) { $0.answer(APIKey("gsk")) }
        }
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": ProviderSettings(plugins: ["acme"])]),
            registry: registry,
            environment: [:]
        )
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "gsk")
    }
}
