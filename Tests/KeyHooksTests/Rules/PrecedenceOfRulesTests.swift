import ExtensionHooks
import KeyHooks
import Synchronization
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
            #expect(throws: KeyResolutionError.self) {
                try resolver.override("openai") { $0["acme"] = ["pth": "x"] }
            }
            // Names are shown, so a key is none.
            let pasted = #expect(throws: KeyResolutionError.self) {
                try resolver.override("openai") { $0.env = ["OPENAI", "sk-proj-0123456789"] }
            }
            #expect(pasted?.message.contains("providers.openai.env[1]: expected the name of an") == true)
            #expect("\(String(describing: pasted))".contains("0123") == false)
            #expect(try await resolver.value("openai") == "acme provider for 30.0 seconds")
        }
    }

    @Test("A constant stands in place of variables, the stronger of the two holds, and plugins are asked before it")
    func constant() async throws {
        try await withFolder { folder in
            let text = """
                {
                  plugins: {acme: {}},
                  providers: {
                    openai: {plugins: [], constant: 'provider'}, groq: {plugins: [], env: ['MY_GROQ']},
                    azure: {constant: 'provider'},
                  },
                  profiles: {prod: {providers: {openai: {env: ['PROD_KEY']}, groq: {constant: 'profile'}}}},
                }
                """
            let environment = ["OPENAI_API_KEY": "variable", "PROD_KEY": "prod", "MY_GROQ": "mine"]
            let resolver = try KeyResolver.ruled(by: text, in: folder, environment: environment)
            #expect(try await resolver.value("openai") == "provider")
            #expect(try await resolver.value("openai", profile: "prod") == "prod")
            #expect(try await resolver.value("groq") == "mine")
            #expect(try await resolver.value("groq", profile: "prod") == "profile")
            #expect(try await resolver.value("azure") == "acme default")
            let key = try await resolver.getAPIKey(service: "openai")
            #expect(key?.provenance?.source == .constant)
            #expect(resolver.isConfigured("openai"))

            let explanation = try resolver.explain(service: "openai")
            #expect(explanation.description.hasPrefix("openai: a constant\n"))
            #expect(
                explanation.rules.contains { $0.setting == "constant" && $0.value == nil && $0.place.contains(":4,") }
            )
            try resolver.override("openai") { $0.constant = APIKey("program") }
            #expect(try await resolver.value("openai", profile: "prod") == "program")
            try resolver.override("openai") { settings in
                settings.constant = nil; settings.env = []
            }
            #expect(try await resolver.value("openai") == nil)
            let shown = "\(resolver.configuration.providers) \(String(reflecting: resolver.configuration.providers))"
            #expect(!shown.contains("\"provider\""))
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

    @Test(
        "A list of plugins stands over the services that a hook is for, and nothing else does",
        arguments: [true, false]
    )
    func listed(waits: Bool) async throws {
        try await withFolder { folder in
            let registry = HookRegistry()
            let text = """
                {providers: {groq: {plugins: ['acme']}, azure: {plugins: ['route']}, xai: {plugins: ['acme']}}}
                """
            let environment = ["GROQ_API_KEY": "environment", "COHERE_API_KEY": "environment"]
            if waits {
                try registry.register { hooks in
                    hooks.onStart(.getAPIKey, id: "acme/own", filter: .services(["openai", "azure*"])) { call in
                        await Task.yield()
                        call.answer(APIKey("acme"))
                    }
                }
            } else {
                try registry.register { hooks in
                    hooks.onStart(.getAPIKey, id: "acme/own", filter: .services(["openai", "azure*"])) { call in
                        call.answer(APIKey("acme"))
                    }
                }
            }
            let ended = Mutex<[Service]>([])
            try registry.register { hooks in
                hooks.onEnd(.getAPIKey, id: "acme/end", filter: .services(["openai"])) { call in
                    ended.withLock { $0.append(call.arguments.service) }
                }
            }
            try registry.register { hooks in
                hooks.onEnd(.getAPIKey, id: "acme/waits", filter: .services(["xai"])) { call in
                    await Task.yield()
                    ended.withLock { $0.append(call.arguments.service) }
                }
            }
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: "route", filter: .services(["none"])) { _ in }
            }
            let resolver = try KeyResolver.ruled(by: text, in: folder, environment: environment, registry: registry)
            let found: [(Service, String?)] = [
                ("openai", "acme"), ("azure_embeddings", "acme"), ("cohere", "environment"), ("groq", "acme"),
                ("xai", "acme"), ("azure", nil),
            ]
            for (service, value) in found { #expect(try await resolver.value(service) == value, "\(service)") }
            #expect(ended.withLock(\.self) == ["openai", "xai"])
        }
    }

    @Test("A hook that changes the service changes the rule")
    func rewritten() async throws {
        try await withFolder { folder in
            let registry = HookRegistry()
            let text = "{plugins: {acme: {path: 'section'}}, providers: {openai: {acme: {path: 'provider'}}}}"
            let resolver = try KeyResolver.ruled(by: text, in: folder, registry: registry)
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: "route", priority: 1) { call in
                    call.arguments.service = call.arguments.service == "openai" ? "groq" : "openai"
                }
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
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: "route", priority: 0) { call in
                    switch call.arguments.service {
                    case "mistral": call.arguments.service = "openai"
                    case "deepseek": call.arguments.service = "groq"
                    default: break
                    }
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
