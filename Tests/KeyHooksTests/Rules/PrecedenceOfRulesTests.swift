import ExtensionHooks
import KeyHooks
import Testing

/// The list of the article "Which rule wins", from the weakest to the strongest.
@Suite("Which rule wins")
struct PrecedenceOfRulesTests {
    private static let everything = """
        {
          plugins: {acme: {path: 'section'}, other: {}},
          providers: {
            openai: {plugins: ['acme'], acme: {path: 'provider'}, ttl: '30s'},
            groq: {plugins: ['acme']},
            azure: {plugins: []},
            mistral: {plugins: ['other', 'acme']},
          },
          profiles: {
            prod: {providers: {openai: {acme: {path: 'profile'}}, azure: {env: ['PROD_AZURE']}}},
            test: {providers: {openai: {plugins: ['other']}, groq: {plugins: []}}},
          },
        }
        """

    @Test(
        "A stronger rule stands over a weaker one, member by member",
        arguments: [
            ("groq", nil, "acme section"),
            ("openai", nil, "acme provider for 30.0 seconds"),
            ("openai", "prod", "acme profile for 30.0 seconds"),
            ("openai", "nobody", "acme provider for 30.0 seconds"),
            ("openai", "test", "other"),
            ("groq", "test", "sk-groq"),
            ("mistral", nil, "other"),
            ("azure", nil, "sk-azure"),
            ("azure", "prod", "sk-prod-azure"),
            ("cohere", nil, "other"),
        ] as [(String, String?, String)]
    )
    func wins(_ service: String, _ profile: String?, _ value: String) async throws {
        try await withFolder { folder in
            let environment = ["AZURE_API_KEY": "sk-azure", "PROD_AZURE": "sk-prod-azure", "GROQ_API_KEY": "sk-groq"]
            let resolver = try KeyResolver.ruled(by: Self.everything, in: folder, environment: environment)
            #expect(try await resolver.value(Service(service), profile: profile) == value)
        }
    }

    @Test("What the program says stands over the file, whatever the profile, until it is taken back")
    func override() async throws {
        try await withFolder { folder in
            let resolver = try KeyResolver.ruled(by: Self.everything, in: folder)
            try resolver.override("openai") { $0["acme"] = ["path": "program"] }
            #expect(try await resolver.value("openai") == "acme program for 30.0 seconds")
            #expect(try await resolver.value("openai", profile: "prod") == "acme program for 30.0 seconds")
            try resolver.override("openai") { $0.timeToLive = .seconds(1) }
            #expect(try await resolver.value("openai") == "acme program for 1.0 seconds")
            try resolver.override("chatgpt") { $0.plugins = [] }
            #expect(try await resolver.value("openai") == nil)
            try resolver.removeOverride("openai")
            #expect(try await resolver.value("openai") == "acme provider for 30.0 seconds")
        }
    }

    @Test("An override that cannot hold changes nothing")
    func refused() async throws {
        try await withFolder { folder in
            let resolver = try KeyResolver.ruled(by: Self.everything, in: folder)
            let error = #expect(throws: KeyResolutionError.self) {
                try resolver.override("openai") { $0.plugins = ["nobody"] }
            }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains("'nobody'") == true)
            #expect(try await resolver.value("openai") == "acme provider for 30.0 seconds")
            try resolver.override("openai") { $0["acme"] = ["pth": "x"] }
            #expect(await resolver.failed("openai")?.code == .invalidConfiguration)
        }
    }

    @Test("A rule of fallback holds for its service and profile only")
    func fallback() async throws {
        try await withFolder { folder in
            let text = """
                {plugins: {acme: {fails: true}}, providers: {openai: {fallback: 'unavailable'}},
                 profiles: {prod: {providers: {openai: {fallback: 'never'}, groq: {fallback: 'unavailable'}}}}}
                """
            let environment = ["OPENAI_API_KEY": "sk-openai", "GROQ_API_KEY": "sk-groq"]
            let resolver = try KeyResolver.ruled(by: text, in: folder, environment: environment)
            #expect(try await resolver.value("openai") == "sk-openai")
            #expect(await resolver.failed("openai", profile: "prod")?.code == .unavailable)
            #expect(await resolver.failed("groq")?.code == .unavailable)
            #expect(try await resolver.value("groq", profile: "prod") == "sk-groq")
        }
    }

    @Test("A hook that changes the service changes the rule")
    func rewritten() async throws {
        try await withFolder { folder in
            let registry = HookRegistry()
            let text = "{plugins: {acme: {path: 'section'}}, providers: {openai: {acme: {path: 'provider'}}}}"
            let resolver = try KeyResolver.ruled(by: text, in: folder, registry: registry)
            try registry.onStart(.getAPIKey, id: "route", priority: 1) { call in
                call.arguments.service = call.arguments.service == "openai" ? "groq" : "openai"
            }
            #expect(try await resolver.value("openai") == "acme section")
            #expect(try await resolver.value("groq") == "acme provider")
        }
    }

    @Test("A hook that changes the service gets round no limit of its plugins")
    func rewrittenToLimited() async throws {
        try await withFolder { folder in
            let registry = HookRegistry()
            let text = """
                {plugins: {acme: {}, other: {}}, hookOrder: ['route', 'other'],
                 providers: {openai: {plugins: ['acme']}, groq: {plugins: []}, mistral: {plugins: ['route']}}}
                """
            let environment = ["OPENAI_API_KEY": "sk-openai", "GROQ_API_KEY": "sk-groq"]
            try registry.onStart(.getAPIKey, id: "route", priority: 0) { call in
                switch call.arguments.service {
                case "mistral": call.arguments.service = "openai"
                case "deepseek": call.arguments.service = "groq"
                default: break
                }
            }
            let resolver = try KeyResolver.ruled(by: text, in: folder, environment: environment, registry: registry)
            #expect(try await resolver.value("mistral") == "acme default")
            #expect(await resolver.failed("deepseek")?.code == .denied)
        }
    }

    @Test("An explanation tells which rule holds and where it was written")
    func explained() async throws {
        try await withFolder { folder in
            let text = """
                {
                  plugins: {acme: {}, other: {}},
                  providers: {
                    openai: {
                      ttl: '30s',
                      acme: {path: 'provider'}
                    }
                  },
                  profiles: {prod: {providers: {'OpenAI': {
                      ttl: '10s'
                  }}}}
                }
                """
            let resolver = try KeyResolver.ruled(by: text, in: folder)
            try resolver.override("openai") { $0.plugins = ["acme"] }
            let explanation = try resolver.explain(service: "openai", scope: KeyScope(profile: "prod"))
            let file = folder.file("keyhooks.json")
            #expect(
                explanation.rules.map { "\($0.setting) \($0.value ?? "?") \($0.place) \($0.isOverridden)" } == [
                    "plugins acme the program, override(_:) false",
                    "ttl 10.0 seconds \(file):10, profiles.prod.providers.openai false",
                    "ttl 30.0 seconds \(file):5, providers.openai true",
                    "acme.path ? \(file):6, providers.openai false",
                ]
            )
            #expect(explanation.hooks.filter(\.isEnabled).map(\.id) == ["acme/keys"])
            #expect(explanation.description.contains("(overridden)"))
            #expect(try resolver.explain(service: "groq").rules.isEmpty)
        }
    }
}
