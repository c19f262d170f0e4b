import ExtensionHooks
import KeyHooks
import Testing

/// What a scope says, and that plugins hear it.
struct ScopeTests {
    struct Row: Sendable {
        let scope: KeyScope
        let maximumAge: Duration?
        let text: String
    }

    static let rows = [
        Row(scope: KeyScope(), maximumAge: nil, text: ""),
        Row(scope: KeyScope(refresh: false), maximumAge: nil, text: ""),
        Row(scope: KeyScope(refresh: true), maximumAge: .zero, text: "maximumAge=0.0 seconds"),
        Row(scope: KeyScope(maximumAge: .zero), maximumAge: .zero, text: "maximumAge=0.0 seconds"),
        Row(scope: KeyScope(maximumAge: .seconds(60)), maximumAge: .seconds(60), text: "maximumAge=60.0 seconds"),
        Row(
            scope: KeyScope(maximumAge: .seconds(60), refresh: true),
            maximumAge: .zero,
            text: "maximumAge=0.0 seconds"
        ),
        Row(
            scope: KeyScope(profile: "prod", tenant: "t", maximumAge: .seconds(1)),
            maximumAge: .seconds(1),
            text: "profile=prod,tenant=t,maximumAge=1.0 seconds"
        ),
    ]

    @Test(arguments: rows)
    func `The age from which a cached value will not do reaches the hooks`(row: Row) async throws {
        let seen = Recording<KeyScope>()
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "acme/vault") { seen.add($0.arguments.scope) } }
        try registry.register { hooks in hooks.onStart(.getSecret, id: "acme/vault") { seen.add($0.arguments.scope) } }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        _ = try await resolver.resolve(service: "openai", scope: row.scope)
        _ = try await resolver.getSecret(service: "bedrock", field: "region", scope: row.scope)
        _ = try resolver.cachedAPIKey(service: "openai", scope: row.scope)
        #expect(seen.events == [row.scope, row.scope, row.scope])
        #expect(row.scope.maximumAge == row.maximumAge)
        #expect("\(row.scope)" == row.text)
    }

    @Test func `Each part is changed by itself, and scopes with the same parts are equal`() {
        var scope = KeyScope(profile: "prod", project: "p", tenant: "t", purpose: "embedding")
        scope.maximumAge = .seconds(5)
        #expect(scope.profile == "prod" && scope.project == "p" && scope.tenant == "t" && scope.purpose == "embedding")
        #expect(scope != KeyScope(profile: "prod", project: "p", tenant: "t", purpose: "embedding"))
        scope.profile = nil
        scope.project = nil
        scope.tenant = nil
        scope.purpose = nil
        #expect(scope == KeyScope(maximumAge: .seconds(5)))
        #expect(Set([scope, KeyScope(maximumAge: .seconds(5)), KeyScope(refresh: true)]).count == 2)
        scope.maximumAge = nil
        #expect(scope == KeyScope())
        #expect(scope.hashValue == KeyScope().hashValue)
    }

    @Test func `A hook that changes only the age is on record as having changed the scope`() async throws {
        let rewrites = Recording<[String]>()
        let registry = HookRegistry()
        try registry.register { hooks in hooks.observe { rewrites.add($0.rewrites.flatMap(\.changes)) } }
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/policy") { $0.arguments.scope.maximumAge = .seconds(1) }
        }
        _ = try await KeyResolver(registry: registry, environment: [:]).resolve(service: "openai")
        #expect(rewrites.events == [["scope"]])
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
