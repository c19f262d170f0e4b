import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("What nothing prints")
struct SecrecyTests {
    @Test("Neither key nor token is in what the plugin and the resolver print")
    func answers() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-very-secret"])
        let plugin = try vault.plugin()
        let resolver = try vault.resolver()
        let answer = try await resolver.resolve(service: "openai")
        let explanation = try resolver.explain(service: "openai")
        #expect(explanation.cached.first?.state == .fresh)
        let encoded = String(decoding: try JSONEncoder().encode(explanation), as: UTF8.self)
        let printed: [Any] = [plugin, resolver, answer, explanation, encoded, resolver.cacheStatistics]
        for subject in printed { expectNothing(of: ["sk-very-secret", vault.server.rootToken], in: subject) }
    }

    @Test("Neither key nor token is in an error", arguments: Refusal.all)
    func errors(_ refusal: Refusal) async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-very-secret"])
        let token = try await refusal.token(vault) ?? vault.server.rootToken
        let resolver = try vault.resolver(token: token, refusal.change)
        let error = try #require(await resolver.failure("openai"))
        let explanation = try resolver.explain(service: "openai")
        for subject in [error, error.localizedDescription, explanation] as [Any] {
            expectNothing(of: ["sk-very-secret", token], in: subject)
        }
    }

    private func expectNothing(of secrets: [String], in subject: Any) {
        var dumped = ""
        dump(subject, to: &dumped)
        for text in [String(describing: subject), String(reflecting: subject), dumped] {
            for secret in secrets { #expect(!text.contains(secret), "\(type(of: subject)) prints it") }
        }
    }
}
