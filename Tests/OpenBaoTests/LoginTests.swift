import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Logging in by AppRole")
struct LoginTests {
    @Test("A hundred reads at once share one login")
    func sharedLogin() async throws {
        let vault = try await Vault()
        let projects = (1...100).map { "p\($0)" }
        for project in projects {
            try await vault.admin.put(vault.mount, "ai/\(project)", ["OPENAI_API_KEY": "sk-\(project)"])
        }
        let role = try await vault.role(policy: try await vault.policy(reading: "ai/*"))
        let resolver = try vault.resolver(path: "ai/{project}", environment: role.environment, role.use)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for project in projects {
                group.addTask {
                    let value = try await resolver.value("openai", scope: KeyScope(project: project))
                    #expect(value == "sk-\(project)")
                }
            }
            try await group.waitForAll()
        }
        #expect(try vault.logins(of: role) == 1)
        #expect(try vault.reads(of: "ai/") == 100)
    }

    @Test("A revoked token costs exactly one more login, and the read succeeds")
    func revoked() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let role = try await vault.role(policy: try await vault.policy(reading: "ai/*"))
        let resolver = try vault.resolver(environment: role.environment, role.use)
        #expect(try await resolver.value("openai") == "sk-1")
        try await vault.revokeTokens(of: role)
        resolver.invalidateAll()
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(try vault.logins(of: role) == 2)
        #expect(try vault.reads(of: "ai/providers") == 3)
    }

    @Test("A denial makes nobody log in again")
    func denied() async throws {
        let vault = try await Vault()
        let role = try await vault.role(policy: try await vault.policy(reading: "other/*"))
        let resolver = try vault.resolver(environment: role.environment, role.use)
        for _ in 1...3 {
            #expect(await resolver.failure("openai")?.code == .denied)
            vault.clock.advance(by: .seconds(2))
        }
        #expect(try vault.logins(of: role) == 1)
    }

    @Test("A wrong secret id is our own credentials refused")
    func wrongSecretID() async throws {
        let vault = try await Vault()
        let role = try await vault.role(policy: try await vault.policy(reading: "ai/*"))
        let environment = ["TEST_SECRET_ID": "wrong", "OPENAI_API_KEY": "sk-environment"]
        let resolver = try vault.resolver(environment: environment) {
            role.use(in: &$0)
            $0.settings.fallback = .unavailable
        }
        #expect(await resolver.failure("openai")?.code == .unauthenticated)
    }
}
