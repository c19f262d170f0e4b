import KeyHooks
import Testing

/// What is meant for one profile must not be answered as if none was named.
struct UnknownProfileTests {
    private let environment = ["OPENAI_API_KEY": "sk-default", "AWS_REGION": "eu-1"]

    private func resolver(_ text: String) async throws -> KeyResolver {
        try KeyResolver(configuration: try await readConfiguration(text), environment: environment)
    }

    @Test func `It is an error where the configuration has others, with the likeliest of them`() async throws {
        let resolver = try await resolver("{profiles: {prod: {providers: {openai: {env: 'PROD_KEY'}}}, staging: {}}}")
        let scope = KeyScope(profile: "prdo")
        let calls: [() async throws -> Void] = [
            { _ = try await resolver.resolve(service: "openai", scope: scope) },
            { _ = try await resolver.getAPIKey(service: "never-heard-of", scope: scope) },
            { _ = try await resolver.getSecret(service: "bedrock", field: "region", scope: scope) },
            { _ = try resolver.cachedAPIKey(service: "openai", scope: scope) },
            { _ = try resolver.explain(service: "openai", scope: scope) },
        ]
        for call in calls {
            let error = try await failure { try await call() }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message == "the configuration has no profile 'prdo'")
            #expect(
                error.remedy.hasPrefix("did you mean 'prod'? Otherwise use one of its profiles ('prod', 'staging')")
            )
        }
        #expect(
            try await resolver.getAPIKey(service: "openai", scope: KeyScope(profile: "staging"))?.value == "sk-default"
        )
        #expect(try await resolver.getAPIKey(service: "openai", scope: KeyScope(profile: "prod")) == nil)
        let far = try await failure { try resolver.explain(service: "openai", scope: KeyScope(profile: "tests")) }
        #expect(far.remedy.hasPrefix("use one of its profiles"))
    }

    @Test func `Without profiles in the configuration, profiles are for plugins alone`() async throws {
        for text in ["{}", "{profiles: {}}"] {
            let resolver = try await resolver(text)
            let scope = KeyScope(profile: "anything")
            #expect(try await resolver.getAPIKey(service: "openai", scope: scope)?.value == "sk-default")
        }
    }

    @Test func `A key that was pasted in its place is not repeated`() async throws {
        let resolver = try await resolver("{profiles: {prod: {}}}")
        let scope = KeyScope(profile: "sk-proj-leakAbC123dEf456GhI789")
        let error = try await failure { try resolver.explain(service: "openai", scope: scope) }
        #expect(!error.description.contains("leak"))
    }
}
