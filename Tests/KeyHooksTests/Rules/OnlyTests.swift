import ExtensionHooks
import KeyHooks
import Testing

/// `"only": "acme"`: nothing weaker may answer.
struct OnlyTests {
    /// A vault that has what its section says, and else nothing.
    struct Vault: KeyPlugin {
        struct Configuration: Decodable {
            var has: [String]?
            var isDown: Bool?
        }

        static let id: PluginID = "acme"
        let configuration: Configuration

        init(_ configuration: Configuration, in context: PluginContext) throws {
            self.configuration = configuration
        }

        func register(in hooks: inout HookBundle) {
            hooks.onStart(.getAPIKey, id: "acme/keys") { call in try answer(&call) }
            hooks.onStart(.getSecret, id: "acme/fields") { call in try answer(&call) }
        }

        private func answer(_ call: inout StartCall<KeyRequest, KeyAnswer>) throws {
            if configuration.isDown == true {
                let error = KeyResolutionError(.unavailable, "acme is down", remedy: "wait")
                guard call.arguments.rule?.fallback == .unavailable else { throw error }
                return call.skip("acme", after: error)
            }
            guard configuration.has?.contains(call.arguments.service.id) == true else {
                return call.skip("acme: team/keys", reason: "no such secret")
            }
            call.answer(APIKey("sk-acme"))
        }
    }

    private let environment = ["OPENAI_API_KEY": "sk-environment", "AWS_REGION": "eu-1"]

    private func resolver(_ text: String) async throws -> KeyResolver {
        try await withFolder { folder in
            let configuration = try KeyConfiguration.read(from: try folder.write("keyhooks.json", text))
            return try KeyResolver(
                configuration: configuration,
                plugins: configuration.sectioned([Vault.plugin, OtherPlugin.plugin]),
                environment: environment
            )
        }
    }

    @Test func `The plugin answers where it has the key`() async throws {
        let resolver = try await resolver("{plugins: {acme: {has: ['openai']}}, providers: {openai: {only: 'acme'}}}")
        #expect(try await resolver.resolve(service: "openai").summary == "found sk-acme")
    }

    @Test(arguments: ["only: 'acme'", "only: ['acme']"])
    func `Nothing weaker answers: no variable, no other plugin, no alias`(only: String) async throws {
        let resolver = try await resolver("{plugins: {acme: {}, other: {}}, providers: {openai: {\(only)}}}")
        for service in ["openai", "chatgpt"] as [Service] {
            let error = try await failure { try await resolver.requireAPIKey(service: service) }
            #expect(error.code == .absent && error.message.contains("acme: team/keys (no such secret)"), "\(error)")
            #expect(!error.description.contains("OPENAI_API_KEY") && !error.description.contains(".env"), "\(error)")
        }
        #expect(!resolver.isConfigured("openai"))
        #expect(try resolver.list().first { $0.service == "openai" }?.outcome == .absent)
        #expect(try await resolver.resolve(service: "groq").summary == "found other")
    }

    @Test func `Nor does a variable for a named field`() async throws {
        let open = try await resolver("{plugins: {acme: {}}}")
        #expect(try await open.getSecret(service: "bedrock", field: "region")?.value == "eu-1")
        let closed = try await resolver("{plugins: {acme: {}}, providers: {bedrock: {only: 'acme'}}}")
        #expect(try await closed.getSecret(service: "bedrock", field: "region") == nil)
    }

    @Test func `An outage is the caller's, whatever the plugin would allow`() async throws {
        let resolver = try await resolver(
            """
            {plugins: {acme: {isDown: true}},
             providers: {openai: {fallback: 'unavailable'}},
             profiles: {prod: {providers: {openai: {only: 'acme'}}}}}
            """
        )
        #expect(try await resolver.value("openai") == "sk-environment")
        let error = try await failure { try await resolver.value("openai", profile: "prod") }
        #expect(error.code == .unavailable)
    }

    @Test func `A stronger rule that names a variable opens the environment again`() async throws {
        let resolver = try await resolver(
            """
            {plugins: {acme: {}}, providers: {openai: {only: 'acme'}},
             profiles: {dev: {providers: {openai: {env: 'OPENAI_API_KEY'}}}, prod: {}}}
            """
        )
        #expect(try await resolver.value("openai", profile: "prod") == nil)
        #expect(try await resolver.value("openai", profile: "dev") == "sk-environment")
        try resolver.override("openai") { $0.only = ["acme"] }
        #expect(try await resolver.value("openai", profile: "dev") == nil)
        try resolver.override("openai") { $0.only = nil }
        #expect(try await resolver.value("openai", profile: "dev") == "sk-environment")
    }

    @Test func `explain shows the word and where it stands, and no variable`() async throws {
        let resolver = try await resolver(
            "{plugins: {acme: {}},\nproviders: {openai: {only: 'acme'}},\nprofiles: {p: {providers: {openai: {ttl: '5s'}}}}}"
        )
        let explanation = try resolver.explain(service: "openai", scope: KeyScope(profile: "p"))
        #expect(explanation.rules.map(\.setting) == ["ttl", "only"])
        let rule = try #require(explanation.rules.last)
        #expect(rule.value == "acme" && rule.place.hasSuffix("keyhooks.json:2, providers.openai") && !rule.isOverridden)
        #expect(explanation.variables.isEmpty && explanation.places.isEmpty && explanation.outcome == .absent)
        #expect(explanation.hooks.filter(\.isEnabled).map(\.id) == ["acme/keys"])
        #expect(explanation.description.contains("only what the hooks answer (acme/keys): no variable may ('only')"))
        #expect(!explanation.description.contains("is set"))
    }

    @Test func `With all plugins off, it says that they are, and names no variable to set`() async throws {
        var settings = ProviderSettings()
        settings.only = ["acme"]
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": settings]),
            environment: ["OPENAI_API_KEY": "sk-environment"],
            pluginUse: .never
        )
        let text = try resolver.explain(service: "openai").description
        #expect(
            text.hasPrefix("openai: no key: only plugins may answer for it ('only'), and none is asked\n"),
            "\(text)"
        )
        let error = try await failure { try await resolver.requireAPIKey(service: "openai") }
        #expect(error.code == .absent && error.remedy.contains("--no-plugins") && error.namesTried.isEmpty, "\(error)")
    }

    @Test(arguments: [
        ("only: 'acme', env: ['A']", "providers.openai.env: 'only' says who answers"),
        ("only: 'acme', plugins: ['acme']", "providers.openai.plugins: 'only' says who answers"),
        ("only: 'acme', fallback: 'unavailable'", "providers.openai.fallback: 'only' says who answers"),
        ("only: 'acme', constant: 'lm-studio'", "providers.openai.constant: 'only' says who answers"),
        ("only: []", "providers.openai.only: expected a plugin; for the environment alone, write \"plugins\": []"),
        ("only: 'env'", "providers.openai.only: names plugins; for the environment alone, write \"plugins\": []"),
        ("only: true", "providers.openai.only: expected a string or an array of strings, found a boolean"),
        ("only: 'acme/keys'", "providers.openai.only: isn't a valid plugin id"),
        ("onyl: 'acme'", "providers.openai.onyl: unknown key. Did you mean 'only'?"),
    ])
    func `A mistake is reported with its place`(settings: String, mistake: String) async throws {
        let found = try await configurationMistakes(in: "{providers: {openai: {\(settings)}}}")
        #expect(found.count == 1 && found[0].contains(mistake), "\(found)")
    }

    @Test func `A plugin that is not there is an error`() async throws {
        let error = try await failure {
            try await resolver("{plugins: {acme: {}}, providers: {openai: {only: 'acmee'}}}")
        }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains("keyhooks.json:1:50: providers.openai.only: 'acmee'"), "\(error)")
    }
}
