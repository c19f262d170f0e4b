import ExtensionHooks
import KeyHooks
import Testing

/// Hooks that are no sources obey `fallback` too.
@Suite(.timeLimit(.minutes(5))) struct HookFallbackTests {
    enum Failing: CaseIterable, Sendable {
        case throwsAtOnce, throwsLater, isLate
    }

    private let registry = HookRegistry()

    private func resolver(_ failing: Failing, _ error: any Error, _ fallback: KeyFallback?) throws -> KeyResolver {
        try registry.register { hooks in
            for point in [HookPoint.getAPIKey, .getSecret] {
                switch failing {
                case .throwsAtOnce: hooks.onStart(point, id: "acme/vault") { _ in throw error }
                case .throwsLater:
                    hooks.onStart(point, id: "acme/vault") { _ in
                        await Task.yield()
                        throw error
                    }
                case .isLate:
                    hooks.onStart(point, id: "acme/vault", deadline: .milliseconds(1)) { _ in try await untilCancelled()
                    }
                }
            }
        }
        let rule = ProviderSettings(fallback: fallback)
        return try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": rule, "bedrock": rule]),
            registry: registry,
            environment: ["OPENAI_API_KEY": "sk-env", "AWS_REGION": "eu-env"]
        )
    }

    @Test(arguments: Failing.allCases)
    func `A hook that could not answer is skipped where the user allows it`(failing: Failing) async throws {
        let resolver = try resolver(failing, outage, .unavailable)
        let key = try #require(try await resolver.getAPIKey(service: "openai"))
        let code: KeyResolutionError.Code = failing == .isLate ? .timedOut : .unavailable
        #expect(key.value == "sk-env" && key.provenance?.skippedSources.map(\.code) == [code])
        #expect(key.provenance?.skippedSources.first?.place == "hook 'acme/vault'")
        let region = try await resolver.getSecret(service: "bedrock", field: "region")
        #expect(region?.value == "eu-env" && region?.provenance?.skippedSources.map(\.code) == [code])
        // Nobody else has this one: the failure is the caller's.
        let error = try await failure { try await resolver.getSecret(service: "bedrock", field: "profile") }
        #expect(error.code == code)
        if failing == .throwsAtOnce { #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-env") }
    }

    @Test(arguments: Failing.allCases, [KeyFallback.never, nil])
    func `Otherwise its failure is the caller's`(failing: Failing, fallback: KeyFallback?) async throws {
        let resolver = try resolver(failing, outage, fallback)
        let error = try await failure { try await resolver.getAPIKey(service: "openai") }
        #expect(error.code == (failing == .isLate ? .timedOut : .unavailable))
    }

    @Test(arguments: [(denial as any Error, "denied"), (LeakyError(description: "sk-leak"), "pluginFailed")])
    func `A denial and what is unknown are never skipped`(error: any Error, expected: String) async throws {
        let resolver = try resolver(.throwsLater, error, .unavailable)
        let thrown = try await failure { try await resolver.getAPIKey(service: "openai") }
        #expect(thrown.code.description == expected)
    }

    @Test func `An explanation shows the fallback in force for each hook`() throws {
        let resolver = try resolver(.throwsAtOnce, outage, .unavailable)
        try registry.register { $0.onEnd(.getAPIKey, id: "audit") { _ in } }
        let openai = try resolver.explain(service: "openai")
        #expect(openai.hooks.map(\.allowsFallback) == [true, false])
        #expect("\(openai)".contains("acme/vault  start  (priority 100; may be skipped while unavailable)"))
        #expect(try resolver.explain(service: "groq").hooks.map(\.allowsFallback) == [false, false])
    }
}
