import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// What no weaker source may answer for, whatever the fallback.
@Suite("What OpenBao refuses")
struct RefusalTests {
    @Test(
        "A refusal is an error of its kind and never answered from the environment",
        arguments: Refusal.all,
        KeyFallback.allCases
    )
    func refusal(_ refusal: Refusal, _ fallback: KeyFallback) async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-vault"])
        let resolver = try vault.resolver(
            environment: ["OPENAI_API_KEY": "sk-environment"],
            token: try await refusal.token(vault)
        ) {
            $0.settings.fallback = fallback
            refusal.change(&$0)
        }
        let error = try #require(await resolver.failure("openai"))
        #expect(error.code == refusal.code, "\(error)")
        #expect(error.service == "openai")
        #expect(throws: KeyResolutionError.self) { try resolver.cachedAPIKey(service: "openai") }
        #expect(try resolver.explain(service: "openai").cached.first?.state == .failed)
    }
}

struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: KeyResolutionError.Code
    var token: @Sendable (Vault) async throws -> String? = { _ in nil }
    var change: @Sendable (inout OpenBaoConfiguration) -> Void = { _ in }

    static let all = [
        Refusal(testDescription: "an unknown mount", code: .invalidConfiguration, change: { $0.mount = "nowhere" }),
        Refusal(
            testDescription: "an unknown namespace",
            code: .invalidConfiguration,
            change: { $0.namespace = "nowhere" }
        ),
        Refusal(testDescription: "a denial", code: .denied, token: { try await $0.token(reading: "other/*") }),
        Refusal(testDescription: "an unknown token", code: .unauthenticated, token: { _ in "s.unknown" }),
        Refusal(
            testDescription: "a revoked token",
            code: .unauthenticated,
            token: {
                let token = try await $0.token(reading: "ai/*")
                try await $0.admin.revoke(token)
                return token
            }
        ),
        Refusal(
            testDescription: "a credential that is not set",
            code: .unauthenticated,
            change: { $0.token = .environment("NOT_SET") }
        ),
    ]
}
