import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import ServerSettings
import Testing

/// The printed policy for what is lent, on the real server.
@Suite(.timeLimit(.minutes(5))) struct LendingPolicyTests {
    private static let text = """
        { plugins: { openbao: { $AT, path: 'ai/providers' } },
          providers: {
            db: { openbao: { mount: 'DATABASE', creds: 'reader' } },
            ci_bot: { openbao: { tokenRole: 'ROLE' } },
            bot: { openbao: { mount: 'ldap', library: 'bots' } } } }
        """

    @Test func `A token with the policy alone borrows, renews and gives back, and borrows nothing beside that`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let vault = try await Vault()
            let (mount, role) = (unique("database"), unique("role"))
            let database = try await PostgresServer.shared
            try await vault.admin.mountDatabase(mount)
            try await vault.admin.connect(mount, to: database)
            try await vault.admin.createDatabaseRole(mount, "reader")
            try await vault.admin.createDatabaseRole(mount, "writer")
            try await vault.admin.createTokenRole(role, policies: ["default"], maxTTL: "1h")
            let text = Self.text.replacing("DATABASE", with: mount).replacing("ROLE", with: role)
            let operated = try OperatedVault(vault, text)
            // Whoever makes tokens may do so only with policies that it has.
            let policy = unique("policy")
            try await vault.admin.createPolicy(policy, try operated.policies().map(\.text).joined())
            let token = try await vault.admin.createToken(policies: [policy])
            let findings = try await operated.check(token: token)
            let (missing, others) = (
                findings.filter { $0.step == "mount ldap" }, findings.filter { $0.step != "mount ldap" }
            )
            #expect(others.allSatisfy { $0.outcome == .passed }, "\(findings)")
            #expect(
                missing.map(\.reason) == ["there is no such mount, though the token would be allowed to read there"]
            )

            let resolver = try KeyResolver(
                configuration: operated.configuration,
                plugins: [OpenBaoPlugin.plugin],
                environment: ["HOME": folder.path, "TEST_TOKEN": token]
            )
            for service in ["db", "ci_bot"] as [Service] {
                let key = try await resolver.requireAPIKey(service: service)
                #expect(key.provenance?.lease != nil)
                #expect(resolver.release(key))
            }
            try await until("both were given back") { resolver.leaseStatistics["openbao"]?.givenBack == 2 }
            #expect(try await vault.admin.leases(below: "\(mount)/creds").isEmpty)
            #expect(try await vault.admin.with(token: token).call("GET", "\(mount)/creds/writer").status == 403)
            await resolver.shutdown()
        }
    }

    @Test func `After a change of the configuration a shutdown gives back what waits, and ends the old login`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            let database = try await lending.lendCredentials()
            let login = lending.approle
            let text = """
                { plugins: { openbao: { address: '\(lending.vault.server.address)', mount: '\(lending.mount)',
                  creds: '{service}', field: 'username',
                  login: { appRole: { roleID: '\(login.roleID)', secretID: 'env:TEST_SECRET_ID' }, mount: '\(login.method)' } } } }
                """
            let configuration = try KeyConfiguration(parsing: text)
            let resolver = try KeyResolver(
                configuration: configuration,
                plugins: [OpenBaoPlugin.plugin],
                environment: ["HOME": folder.path].merging(login.environment) { $1 }
            )
            let user = try await resolver.requireAPIKey(service: "openai").value
            #expect(try await lending.leases.count == 1)
            try resolver.reload(configuration)
            // It has its grace, and a new one is borrowed under a new login.
            #expect(try await resolver.requireAPIKey(service: "openai").value != user)
            #expect(try await lending.leases.count == 2)
            await resolver.shutdown()
            try await until("both were given back") { try await lending.leases.isEmpty }
            _ = database
        }
    }

    @Test func `Its rules are those of what is lent, and no more`() async throws {
        let vault = try await Vault()
        let text = Self.text.replacing("DATABASE", with: "db").replacing("ROLE", with: "ci")
        #expect(
            Set(try OperatedVault(vault, text).rules()) == [
                "\(vault.mount)/data/ai/providers: read", "db/creds/reader: read", "auth/token/create/ci: update",
                "auth/token/renew-accessor: update", "auth/token/revoke-accessor: update",
                "ldap/library/bots/check-out: update",
                "sys/leases/renew: update", "sys/leases/revoke: update",
            ]
        )
    }
}
