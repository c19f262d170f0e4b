import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// Edge cases 14, 15 and 18: tokens that die, on the real server.
@Suite("Edge cases of tokens", .timeLimit(.minutes(5)))
struct TokenDeathTests {
    @Test func `Edge case 15: a hundred reads at once with a dead token cost one login`() async throws {
        let vault = try await Vault()
        let projects = (1...100).map { "p\($0)" }
        for project in projects + ["first"] {
            try await vault.admin.put(vault.mount, "ai/\(project)", ["OPENAI_API_KEY": "sk-\(project)"])
        }
        let role = try await vault.role(policy: try await vault.policy(reading: "ai/*"))
        let resolver = try vault.resolver(path: "ai/{project}", environment: role.environment, role.use)
        #expect(try await resolver.value("openai", scope: KeyScope(project: "first")) == "sk-first")
        try await vault.revokeTokens(of: role)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for project in projects {
                group.addTask {
                    let value = try await resolver.value("openai", scope: KeyScope(project: project))
                    #expect(value == "sk-\(project)")
                }
            }
            try await group.waitForAll()
        }
        #expect(try vault.logins(of: role) == 2)
    }

    @Test func `Edge case 18: a token that dies while a read is on its way costs one login, and the read succeeds`()
        async throws
    {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let role = try await vault.role(policy: try await vault.policy(reading: "ai/*"))
        let reads = Counter()
        let relay = RelayTransport { request, _ in
            // After the token was taken for it, and before the server sees it.
            if request.url.contains("/data/"), reads.next() == 1 { try await vault.revokeTokens(of: role) }
        }
        let resolver = try relayed(vault, relay, role)
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(try vault.logins(of: role) == 2)
        #expect(relay.requests.count { $0.url.contains("/data/") } == 2)
        let tokens = relay.requests.compactMap { $0.headers["X-Vault-Token"] }
        #expect(Set(tokens).count == 2)
    }

    @Test func `Edge case 18: one whose every token dies on the way ends after two logins, and not in a loop`()
        async throws
    {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let role = try await vault.role(policy: try await vault.policy(reading: "ai/*"))
        let relay = RelayTransport { request, _ in
            if request.url.contains("/data/") { try await vault.revokeTokens(of: role) }
        }
        let resolver = try relayed(vault, relay, role)
        #expect(await resolver.failure("openai")?.code == .unauthenticated)
        #expect(try vault.logins(of: role) == 2)
        #expect(relay.requests.count { $0.url.contains("/data/") } == 2)
    }

    @Test func `Edge case 14: what the policy denies is read once, and nobody logs in again for it`() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let role = try await vault.role(policy: try await vault.policy(reading: "other/*"))
        let relay = RelayTransport()
        let resolver = try relayed(vault, relay, role)
        #expect(await resolver.failure("openai")?.code == .denied)
        #expect(try vault.logins(of: role) == 1)
        #expect(relay.requests.count { $0.url.contains("/data/") } == 1)
    }

    private func relayed(_ vault: Vault, _ relay: RelayTransport, _ role: TestRole) throws -> KeyResolver {
        var configuration = OpenBaoConfiguration(path: "ai/providers")
        configuration.addresses = [vault.server.address]
        configuration.mount = vault.mount
        role.use(in: &configuration)
        let environment = role.environment.merging(["HOME": "/nonexistent"]) { $1 }
        let plugin = try OpenBaoPlugin(configuration, environment: environment, transport: relay)
        return try plugin.resolver()
    }
}
