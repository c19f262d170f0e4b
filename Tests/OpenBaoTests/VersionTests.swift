import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Versions and namespaces")
struct VersionTests {
    @Test("A pinned version is read although there is a newer one")
    func pinned() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "old"])
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "new"])
        let key = try await vault.resolver { $0.version = 1 }.getAPIKey(service: "openai")
        #expect(key?.value == "old")
        #expect(key?.provenance?.version == "1")
        #expect(try await vault.resolver { $0.version = 9 }.value("openai") == nil)
    }

    @Test("A deletion to come ends the key before its TTL, and nothing bridges it")
    func deletion() async throws {
        let vault = try await Vault()
        try await vault.admin.setDeleteVersionAfter(vault.mount, "ai/providers", "60s")
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let resolver = try vault.resolver()
        let key = try await resolver.getAPIKey(service: "openai")
        let end = try #require(key?.provenance?.expiresAt)
        #expect((1...60).contains(end.timeIntervalSinceNow))
        let report = try #require(try resolver.explain(service: "openai").cached.first)
        #expect(try (1...60).contains(#require(report.expiresIn)))
        vault.clock.advance(by: .seconds(60))
        #expect(try resolver.explain(service: "openai").cached.first?.state == .dead)
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(try vault.reads(of: "ai/providers") == 2)
    }

    @Test("Two namespaces with the same mount and path have keys of their own")
    func namespaces() async throws {
        let vault = try await Vault()
        let (red, blue) = (unique("red"), unique("blue"))
        try await vault.fill(red)
        try await vault.fill(blue)
        let resolvers = try [red, blue].map { name in try vault.resolver { $0.namespace = name } }
        for _ in 1...2 {
            #expect(try await resolvers[0].value("openai") == "sk-\(red)")
            #expect(try await resolvers[1].value("openai") == "sk-\(blue)")
        }
        #expect(try await vault.resolver().value("openai") == nil)
        let byVariable = try vault.resolver(environment: ["BAO_NAMESPACE": "/\(red)/"])
        let key = try await byVariable.getAPIKey(service: "openai")
        #expect(key?.value == "sk-\(red)")
        #expect(key?.provenance?.source.description.contains("in namespace \(red)") == true)
    }
}
