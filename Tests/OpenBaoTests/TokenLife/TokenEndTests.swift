import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Synchronization
import Testing

@testable import OpenBao

@Suite("What a token's end means for what was lent for it")
struct TokenEndTests {
    private func read(_ plugin: OpenBaoPlugin, _ vault: Vault) async throws {
        let address = SecretAddress(namespace: nil, mount: [vault.mount], path: ["ai", "providers"], version: nil)
        _ = try await plugin.pipeline.source.reader.read(address)
    }

    private func plugin(_ vault: Vault, _ role: TestRole) throws -> OpenBaoPlugin {
        try vault.plugin(environment: role.environment) {
            $0.token = nil
            $0.logins = [role.login]
        }
    }

    @Test("Whoever keeps what was lent hears of a token that the server refused")
    func dropped() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role(["token_ttl": "600s"])
        let plugin = try plugin(vault, role)
        let tokens = plugin.pipeline.source.reader.tokens
        let marks = Marks()
        tokens.onDrop { mark in marks.all.withLock { $0.append(mark) } }
        try await read(plugin, vault)
        let first = try #require(try await tokens.identity().token)
        tokens.startOver()
        try await read(plugin, vault)
        #expect(marks.all.withLock(\.self) == [])
        let second = try #require(try await tokens.identity().token)
        try await vault.revokeTokens(of: role)
        try await read(plugin, vault)
        #expect(marks.all.withLock(\.self) == [second.mark])
        #expect(first != second)
    }

    @Test("A token that was given is looked up once, and says how long it is good for")
    func given() async throws {
        let vault = try await Vault()
        let plugin = try vault.plugin(token: try await vault.token(reading: "ai/*"))
        let tokens = plugin.pipeline.source.reader.tokens
        let identity = try await tokens.identity()
        func life() async throws -> (life: Duration?, usesAreLimited: Bool)? {
            try await tokens.lifeOfGivenToken(identity, by: .seconds(10_000))
        }
        let first = try #require(try await life())
        let rest = try #require(first.life)
        #expect(rest > .seconds(3500) && rest <= .seconds(3600) && !first.usesAreLimited)
        // Nobody is asked again: the server would say that it doesn't know it.
        try await vault.admin.revoke(try #require(identity.token).value)
        vault.clock.advance(by: .seconds(100))
        #expect(try await life()?.life == rest - .seconds(100))
    }

    @Test("Counted uses, an endless life and a token that may not look are told apart")
    func kinds() async throws {
        let vault = try await Vault()
        func life(_ token: String) async throws -> (life: Duration?, usesAreLimited: Bool)? {
            let tokens = try vault.plugin(token: token).pipeline.source.reader.tokens
            return try await tokens.lifeOfGivenToken(try await tokens.identity(), by: .seconds(10_000))
        }
        let policy = try await vault.reading
        #expect(try await life(try await vault.admin.createToken(policies: [policy], uses: 5))?.usesAreLimited == true)
        let root = try #require(try await life(vault.server.rootToken))
        #expect(root.life == nil && !root.usesAreLimited)
        let bare = try await vault.admin.createToken(allowing: #"path "x" { capabilities = ["read"] }"#)
        #expect(try await life(bare) == nil)
        await #expect(throws: OpenBao.BaoFailure.self) { try await life("s.nonsense") }
    }

    @Test("A plugin that goes away revokes the token that it logged in for")
    func goneAway() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role(["token_ttl": "600s"])
        var plugin: OpenBaoPlugin? = try plugin(vault, role)
        if let plugin { try await read(plugin, vault) }
        let prefix = "auth/\(role.method)/login"
        #expect(try await vault.admin.leases(below: prefix).count == 1)
        plugin = nil
        #expect(plugin == nil)
        try await until("its token is gone") { try await vault.admin.leases(below: prefix) == [] }
        #expect(try vault.logins(of: role) == 1)
    }

    private final class Marks: Sendable {
        let all = Mutex<[Int]>([])
    }
}
