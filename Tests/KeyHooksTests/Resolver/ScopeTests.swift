import ExtensionHooks
import KeyHooks
import Testing

/// What a scope says, and that plugins hear it.
struct ScopeTests {
    static let scopes = [
        (KeyScope(), ""), (KeyScope(profile: "prod", tenant: "t"), "profile=prod,tenant=t"),
        (KeyScope(project: "p", purpose: "x"), "project=p,purpose=x"),
    ]

    @Test(arguments: scopes)
    func `The scope reaches the hooks, and says what it is`(scope: KeyScope, text: String) async throws {
        let seen = Recording<KeyScope>()
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "acme/vault") { seen.add($0.arguments.scope) } }
        try registry.register { hooks in hooks.onStart(.getSecret, id: "acme/vault") { seen.add($0.arguments.scope) } }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        _ = try await resolver.resolve(service: "openai", scope: scope)
        _ = try await resolver.getSecret(service: "bedrock", field: "region", scope: scope)
        _ = try resolver.cachedAPIKey(service: "openai", scope: scope)
        #expect(seen.events == [scope, scope, scope])
        #expect("\(scope)" == text)
    }

    @Test(arguments: [
        (Duration?.none, false, Duration?.none), (.zero, false, .zero), (.seconds(60), false, .seconds(60)),
        (nil, true, .zero), (.seconds(60), true, .zero),
    ])
    func `The age from which a kept value will not do reaches the hooks`(
        maximumAge: Duration?,
        refresh: Bool,
        expected: Duration?
    ) async throws {
        let seen = Recording<Duration?>()
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { seen.add($0.arguments.maximumAge) }
        }
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme/vault") { seen.add($0.arguments.maximumAge) }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        _ = try await resolver.resolve(service: "openai", maximumAge: maximumAge, refresh: refresh)
        _ = try await resolver.getAPIKey(service: "openai", maximumAge: maximumAge, refresh: refresh)
        _ = try? await resolver.requireAPIKey(service: "openai", maximumAge: maximumAge, refresh: refresh)
        _ = try await resolver.getSecret(
            service: "bedrock",
            field: "region",
            maximumAge: maximumAge,
            refresh: refresh
        )
        _ = try resolver.cachedAPIKey(service: "openai", maximumAge: refresh ? .zero : maximumAge)
        #expect(seen.events == Array(repeating: expected, count: 5))
    }

    @Test func `Each part is changed by itself, and scopes with the same parts are equal`() {
        var scope = KeyScope(profile: "prod", project: "p", tenant: "t", purpose: "embedding")
        #expect(scope.profile == "prod" && scope.project == "p" && scope.tenant == "t" && scope.purpose == "embedding")
        scope.profile = nil
        scope.project = nil
        scope.tenant = nil
        #expect(scope == KeyScope(purpose: "embedding") && scope != KeyScope())
        #expect(Set([scope, KeyScope(purpose: "embedding"), KeyScope()]).count == 2)
        scope.purpose = nil
        #expect(scope == KeyScope())
        #expect(scope.hashValue == KeyScope().hashValue)
    }

    @Test func `Requests are equal if they ask for the same, however fresh it must be`() async throws {
        let seen = Recording<KeyRequest>()
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme") { call in
                seen.add(call.arguments)
                call.skip("acme")
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        _ = try await resolver.resolve(service: "openai")
        _ = try await resolver.resolve(service: "openai", refresh: true)
        #expect(Set(seen.events) == [KeyRequest(service: "openai")])
        #expect(KeyRequest(service: "bedrock", field: "region") != KeyRequest(service: "bedrock"))
        #expect(seen.events[0].names.first == "OPENAI_API_KEY")
        #expect(KeyRequest(service: "bedrock", field: "region").names.first == "AWS_REGION")
    }

    @Test func `A hook makes a field of a main key as little as the other way round`() {
        var request = KeyRequest(service: "bedrock")
        request.field = "region"
        #expect(request.field == nil)
        request = KeyRequest(service: "bedrock", field: "region")
        request.field = nil
        #expect(request.field == "region")
        request.field = "profile"
        #expect(request == KeyRequest(service: "bedrock", field: "profile"))
    }

    @Test(arguments: [true, false])
    func `A scope that a plugin cannot use is an error of its own, and nobody weaker answers`(
        isThrown: Bool
    ) async throws {
        let registry = HookRegistry()
        let error = KeyResolutionError(.invalidScope, "the path needs a project", remedy: "give the scope one")
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { call in
                if isThrown { throw error }
                call.result = .failure(error)
            }
        }
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme/vault") { call in
                if isThrown { throw error }
                call.result = .failure(error)
            }
        }
        let environment = ["OPENAI_API_KEY": "sk-1", "AWS_REGION": "eu-1"]
        let resolver = try KeyResolver(registry: registry, environment: environment)
        let key = try await failure { try await resolver.getAPIKey(service: "openai") }
        let required = try await failure { try await resolver.requireAPIKey(service: "openai") }
        let cached = try await failure { try resolver.cachedAPIKey(service: "openai") }
        let secret = try await failure { try await resolver.getSecret(service: "bedrock", field: "region") }
        #expect([key, required, cached, secret].map(\.code) == Array(repeating: .invalidScope, count: 4))
        #expect(key.description == "the path needs a project. Give the scope one.")
    }
}
