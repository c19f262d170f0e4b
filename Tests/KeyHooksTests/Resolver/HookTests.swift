import ExtensionHooks
import KeyHooks
import Testing

struct HookTests {
    let registry = HookRegistry()

    private func resolver() throws -> KeyResolver {
        try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-env", "GROQ_API_KEY": "gsk-env"])
    }

    @Test func `A hook answers and the environment is not asked`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .success(.found(APIKey("sk-hook"))) }
        }
        #expect(try await resolver().resolve(service: "openai").summary == "found sk-hook")
    }

    @Test func `A hook that says nothing leaves it to the environment`() async throws {
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "acme/vault") { _ in } }
        #expect(try await resolver().resolve(service: "openai").summary == "found sk-env")
        #expect(
            try await resolver().getAPIKey(service: "openai")?.provenance?.source
                == .environment(name: "OPENAI_API_KEY")
        )
    }

    @Test(arguments: ["chatgpt", "OpenAI", "openai"])
    func `A hook sees the canonical id and the whole scope`(name: String) async throws {
        let requests = Recording<KeyRequest>()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "acme/vault") { requests.add($0.arguments) } }
        let scope = KeyScope(profile: "prod", project: "p", tenant: "t", purpose: "embedding")
        _ = try await resolver().resolve(service: Service(name), scope: scope)
        #expect(requests.events == [KeyRequest(service: "openai", scope: scope)])
    }

    @Test(arguments: [("groq", "found gsk-env"), ("nobody", "absent"), ("ollama", "not required")])
    func `A hook rewrites the service`(target: String, summary: String) async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/route") { $0.arguments.service = Service(target) }
        }
        #expect(try await resolver().resolve(service: "openai").summary == summary)
    }

    @Test func `A rewrite to an alias means its service`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/route") { $0.arguments.service = "chatgpt" }
        }
        #expect(try await resolver().resolve(service: "groq").summary == "found sk-env")
    }

    @Test func `A rewrite to no id is refused as such`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/route") { $0.arguments.service = "../etc" }
        }
        #expect(try await failure { try await resolver().resolve(service: "openai") }.code == .invalidService)
    }

    @Test func `A hook's absence is an answer: the environment is not asked`() async throws {
        let absence = KeyAbsence(namesTried: ["kv/openai"], placesTried: ["the vault"])
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .success(.absent(absence)) }
        }
        #expect(try await resolver().resolve(service: "openai").summary == "absent")
        let error = try await failure { try await resolver().requireAPIKey(service: "openai") }
        #expect(error.namesTried == ["kv/openai"])
        #expect(error.message == "no key for 'openai': tried kv/openai in the vault")
    }

    @Test func `An end hook recovers from a failure`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { _ in throw LeakyError(description: "down") }
        }
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "acme/stale") { call in
                if case .failure = call.result { call.result = .success(.found(APIKey("sk-stale"))) }
            }
        }
        #expect(try await resolver().resolve(service: "openai").summary == "found sk-stale")
    }

    @Test func `An end hook may take an answer back`() async throws {
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "acme/policy") { $0.result = .failure(LeakyError(description: "sk-env")) }
        }
        #expect(try await failure { try await resolver().resolve(service: "openai") }.code == .denied)
    }

    @Test func `A hook registered later takes part, and a cancelled one no longer`() async throws {
        let resolver = try resolver()
        #expect(try await resolver.resolve(service: "openai").summary == "found sk-env")
        let registration = try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") {
                $0.result = .success(.found(APIKey("sk-hook")))
            }
        }
        #expect(try await resolver.resolve(service: "openai").summary == "found sk-hook")
        registration.cancel()
        #expect(try await resolver.resolve(service: "openai").summary == "found sk-env")
    }

    @Test func `A hook may ask for another service`() async throws {
        let resolver = try resolver()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/alias") { call in
                if call.arguments.service == "nobody" {
                    call.result = .success(try await resolver.resolve(service: "groq"))
                }
            }
        }
        #expect(try await resolver.resolve(service: "nobody").summary == "found gsk-env")
    }

    @Test(arguments: [true, false])
    func `Switched off, hooks are not asked but stay listed`(byVariable: Bool) async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .success(.found(APIKey("sk-hook"))) }
        }
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme/vault") { $0.result = .success(.found(APIKey("hook"))) }
        }
        let resolver = try KeyResolver(
            registry: registry,
            environment: ["OPENAI_API_KEY": "sk-env", "KEYHOOKS_NO_PLUGINS": byVariable ? "1" : "0"],
            pluginUse: byVariable ? .unlessSwitchedOff : .never
        )
        #expect(try await resolver.resolve(service: "openai").summary == "found sk-env")
        #expect(try await resolver.getSecret(service: "bedrock", field: "region") == nil)
        let hooks = try resolver.explain(service: "openai").hooks
        #expect(hooks.map(\.id) == ["acme/vault"])
        #expect(hooks.map(\.isEnabled) == [false] && hooks.map(\.reason) == ["disabled"])
    }

    @Test(arguments: [("1", true), ("0", true), ("", false), (nil, false)])
    func `Inside of a plugin no hook is asked, and it is said why`(value: String?, isInside: Bool) async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .success(.found(APIKey("sk-hook"))) }
        }
        var environment = ["OPENAI_API_KEY": "sk-env"]
        environment["KEYHOOKS_PLUGIN"] = value
        let resolver = try KeyResolver(registry: registry, environment: environment)
        #expect(try await resolver.resolve(service: "openai").summary == (isInside ? "found sk-env" : "found sk-hook"))
        let reason = "this runs inside of a plugin: KEYHOOKS_PLUGIN is set, so no plugin is asked"
        #expect(try resolver.explain(service: "openai").warnings == (isInside ? [reason] : []))
    }

    @Test(arguments: ["", "0", "false", "No"])
    func `A word for no switches no hooks off`(value: String) async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .success(.found(APIKey("sk-hook"))) }
        }
        let resolver = try KeyResolver(registry: registry, environment: ["KEYHOOKS_NO_PLUGINS": value])
        #expect(try await resolver.resolve(service: "openai").summary == "found sk-hook")
    }

    @Test func `A word in code beats the variable`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .success(.found(APIKey("sk-hook"))) }
        }
        let environment = ["KEYHOOKS_NO_PLUGINS": "1"]
        let resolver = try KeyResolver(registry: registry, environment: environment, pluginUse: .always)
        #expect(try await resolver.resolve(service: "openai").summary == "found sk-hook")
    }
}
