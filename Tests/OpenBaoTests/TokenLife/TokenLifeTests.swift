import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import OpenBao

/// The server keeps real time; the clock of whoever renews is set forward, so that it renews early and nobody waits.
@Suite("The life of a token that a login gave")
struct TokenLifeTests {
    private struct Scene {
        let vault: Vault
        let role: TestRole
        let plugin: OpenBaoPlugin

        init(_ members: [String: any Sendable]) async throws {
            let vault = try await Vault()
            self.vault = vault
            try await vault.fill()
            let role = try await vault.role(members)
            self.role = role
            plugin = try vault.plugin(environment: role.environment) {
                $0.token = nil
                $0.logins = [role.login]
                $0.random = { 0 }
            }
        }

        var tokens: TokenStore { plugin.pipeline.source.reader.tokens }

        /// Reads with what is held, as many times as asked.
        func read() async throws {
            let reader = plugin.pipeline.source.reader
            let address = SecretAddress(
                namespace: nil,
                mount: [vault.mount],
                path: ["ai", "providers"],
                version: nil
            )
            guard case .fields? = try await reader.read(address).content else { throw Nothing() }
        }

        func token() async throws -> APIKey { try #require(try await tokens.identity().token) }

        var logins: Int { get throws { try vault.logins(of: role) } }

        /// Into the time in which a token with this life is renewed in the background, and uses it there.
        func advance(into life: Duration) async throws {
            vault.clock.advance(by: life * 0.9 * 0.85)
            try await read()
        }
    }

    private struct Nothing: Error {}

    @Test("A periodic token is renewed for ever, and nobody logs in again")
    func periodic() async throws {
        let scene = try await Scene(["token_period": "600s"])
        try await scene.read()
        let token = try await scene.token()
        for _ in 1...10 {
            try await scene.advance(into: .seconds(600))
            try await until("it is renewed") {
                scene.tokens.logins?.summary(of: .login)?.age == .zero
                    && scene.tokens.remainingLife(ofMark: token.mark) ?? .zero > .seconds(590)
            }
        }
        #expect(try await scene.token() == token)
        #expect(try scene.logins == 1)
    }

    @Test("A token near its max_ttl is replaced ahead, and used until then")
    func maximum() async throws {
        let scene = try await Scene(["token_ttl": "600s", "token_max_ttl": "600s"])
        try await scene.read()
        let token = try await scene.token()
        // Some seconds of the server's must be gone, so that a renewal brings less than a whole life.
        try await until("it has aged") { try await scene.vault.admin.remainingSeconds(of: token.value) ?? 600 < 597 }
        try await scene.advance(into: .seconds(600))
        try await until("another is there") { try await scene.token() != token }
        #expect(try scene.logins == 2)
        // The old one was renewed for the last time: what was lent for it ends when the server says.
        #expect(scene.tokens.remainingLife(ofMark: token.mark).map { $0 > .seconds(400) && $0 < .seconds(598) } == true)
        #expect(try await scene.vault.admin.remainingSeconds(of: token.value) ?? 0 > 400)
        try await scene.read()
    }

    @Test("A batch token can't be renewed, and is replaced ahead by a login")
    func batch() async throws {
        let scene = try await Scene(["token_ttl": "600s", "token_type": "batch"])
        try await scene.read()
        for round in 2...4 {
            let token = try await scene.token()
            try await scene.advance(into: .seconds(600))
            try await until("another is there") { try await scene.token() != token }
            #expect(try scene.logins == round)
        }
    }

    @Test("A token without the policy 'default' may not renew itself, and is replaced ahead by a login")
    func noDefaultPolicy() async throws {
        let scene = try await Scene(["token_ttl": "600s", "token_no_default_policy": true])
        try await scene.read()
        let token = try await scene.token()
        #expect(scene.tokens.remainingLife(ofMark: token.mark) == .seconds(600))
        // It really may not.
        let renewal = try await scene.vault.admin.with(token: token.value).call("POST", "auth/token/renew-self", [:])
        #expect(renewal.status == 403)
        try await scene.advance(into: .seconds(600))
        try await until("another is there") { try await scene.token() != token }
        #expect(try scene.logins == 2)
        // The old one was valid all the while.
        #expect(try await scene.vault.admin.remainingSeconds(of: token.value) ?? 0 > 500)
    }

    @Test("Uses are counted, none is spent on a look, and the token is replaced before they run out")
    func uses() async throws {
        let scene = try await Scene(["token_ttl": "600s", "token_num_uses": 4])
        let mount = scene.vault.mount
        for _ in 1...20 { try await scene.read() }
        #expect(scene.tokens.usesAreLimited)
        let reads = try scene.vault.server.requests(pathContaining: "\(mount)/data/ai/providers")
            .filter { $0.operation == "read" }
        #expect(reads.count == 20)
        #expect(reads.allSatisfy { $0.error == nil }, "\(reads)")
        // Three a token, as the fourth is kept back while the next one is on its way; one more may be.
        #expect((5...9).contains(try scene.logins))
        try await scene.advance(into: .seconds(600))
        try await scene.read()
    }

    @Test("A hundred readers at once never use more than a token has")
    func usesAtOnce() async throws {
        let scene = try await Scene(["token_ttl": "600s", "token_num_uses": 10])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...100 { group.addTask { try await scene.read() } }
            try await group.waitForAll()
        }
        let reads = try scene.vault.server.requests(pathContaining: "\(scene.vault.mount)/data/ai/providers")
            .filter { $0.operation == "read" }
        #expect(reads.count == 100 && reads.allSatisfy { $0.error == nil })
        #expect(try scene.logins <= 30)
    }

    @Test("A root token never ends, and nobody looks it up")
    func root() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let plugin = try vault.plugin()
        let tokens = plugin.pipeline.source.reader.tokens
        let token = try #require(try await tokens.identity().token)
        vault.clock.advance(by: .seconds(40 * 86_400))
        #expect(try await tokens.identity().token == token)
        #expect(tokens.remainingLife(ofMark: token.mark) == nil)
        await plugin.shutdown()
        #expect(try await vault.admin.call("GET", "auth/token/lookup-self").status == 200)
    }

    @Test("At the end our own token is revoked, and so is one that was replaced")
    func shutDown() async throws {
        let scene = try await Scene(["token_ttl": "600s", "token_no_default_policy": false])
        try await scene.read()
        let first = try await scene.token()
        // A login of its own, as after a change of credentials.
        scene.tokens.startOver()
        try await scene.read()
        let second = try await scene.token()
        #expect(first != second)
        await scene.plugin.shutdown(within: .seconds(60))
        for token in [first, second] {
            #expect(try await scene.vault.admin.remainingSeconds(of: token.value) == nil)
        }
        // It logs in no more.
        await #expect(throws: (any Error).self) { try await scene.read() }
        #expect(try scene.logins == 2)
    }

    @Test("A thousand first calls at once make one login")
    func firstCalls() async throws {
        let vault = try await Vault()
        let role = try await vault.role(["token_ttl": "600s"])
        let resolver = try vault.resolver(path: "ai/{project}", environment: role.environment) {
            $0.token = nil
            $0.logins = [role.login]
            $0.settings.timeout = .seconds(300)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for project in 1...1000 {
                group.addTask {
                    let value = try await resolver.value("openai", scope: KeyScope(project: "p\(project)"))
                    #expect(value == nil)
                }
            }
            try await group.waitForAll()
        }
        #expect(try vault.logins(of: role) == 1)
    }
}
