import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Tokens that are given")
struct TokenTests {
    @Test("The token comes from BAO_TOKEN, then VAULT_TOKEN", arguments: ["BAO_TOKEN", "VAULT_TOKEN"])
    func ambient(_ name: String) async throws {
        let vault = try await filled()
        let resolver = try vault.resolver(environment: [name: vault.server.rootToken]) { $0.token = nil }
        #expect(try await resolver.value("openai") == "sk-1")
    }

    @Test("A BAO_TOKEN that is set to nothing hides VAULT_TOKEN")
    func hidden() async throws {
        let vault = try await filled()
        let environment = ["BAO_TOKEN": "", "VAULT_TOKEN": vault.server.rootToken]
        let resolver = try vault.resolver(environment: environment) { $0.token = nil }
        #expect(await resolver.failure("openai")?.code == .unauthenticated)
        #expect(try vault.reads(of: "ai/providers") == 0)
    }

    @Test("A token's file may end in a line break, and is read again when the token has died")
    func file() async throws {
        let vault = try await filled()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(unique("token"))
        defer { try? FileManager.default.removeItem(at: file) }
        let first = try await vault.token(reading: "ai/*")
        try Data("\(first)\n".utf8).write(to: file)
        let resolver = try vault.resolver { $0.token = .file(file.path) }
        #expect(try await resolver.value("openai") == "sk-1")

        try await vault.admin.revoke(first)
        try Data("\(try await vault.token(reading: "ai/*"))\r\n".utf8).write(to: file)
        resolver.invalidate("openai")
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(try vault.reads(of: "ai/providers") == 3)
    }

    @Test("A dead token is tried once a window and logs in nowhere")
    func dead() async throws {
        let vault = try await filled()
        let resolver = try vault.resolver(token: "s.dead")
        for _ in 1...10 { #expect(await resolver.failure("openai")?.code == .unauthenticated) }
        #expect(try vault.reads(of: "ai/providers") == 1)
        vault.clock.advance(by: .seconds(1))
        #expect(await resolver.failure("openai")?.code == .unauthenticated)
        #expect(try vault.reads(of: "ai/providers") == 2)
    }

    private func filled() async throws -> Vault {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        return vault
    }
}
