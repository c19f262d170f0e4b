import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

/// What the server won't lend, and what is not to be lent.
@Suite(.timeLimit(.minutes(5))) struct LendingRefusalTests {
    @Test func `A denial ends the call, and no weaker source answers`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            _ = try await lending.lendCredentials()
            let resolver = try lending.vault.resolver(
                environment: ["OPENAI_API_KEY": "sk-weak"].merging(lending.approle.environment) { $1 }
            ) { configuration in
                lending.approle.use(in: &configuration)
                (configuration.mount, configuration.creds) = ("sys/forbidden", "{service}")
                configuration.settings.leases.journal = nil
                configuration.settings.fallback = .unavailable
            }
            #expect(await resolver.failure("openai")?.code == .denied)
        }
    }

    @Test func `A role that isn't there is a mistake of the configuration, and nothing stays written down`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            _ = try await lending.lendCredentials()
            let resolver = try lending.resolver { $0.creds = "nobody" + "-{service}" }
            let error = try #require(await resolver.failure("openai"))
            #expect(error.code == .invalidConfiguration)
            #expect(error.description.contains("\(lending.mount)/creds/nobody-openai"))
            try await until("nothing is written down") { lending.written.isEmpty }
        }
    }

    @Test func `Nothing is lent to a token that may be used a few times only`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            _ = try await lending.lendCredentials()
            try await lending.admin.expect("POST", "auth/\(lending.approle.method)/role/reader", ["token_num_uses": 5])
            let resolver = try lending.resolver()
            let error = try #require(await resolver.failure("openai"))
            #expect(error.code == .invalidConfiguration && error.message.contains("limited number of times"))
            #expect(try await lending.leases.isEmpty)
            await resolver.shutdown()
        }
    }

    @Test func `A token role that lends for ever is refused, and what it made is revoked`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            let role = unique("role")
            try await lending.admin.expect(
                "POST",
                "auth/token/roles/\(role)",
                ["allowed_policies": ["default"], "orphan": true, "token_type": "batch", "renewable": false]
            )
            let resolver = try lending.resolver { configuration in
                (configuration.creds, configuration.tokenRole, configuration.field) = (nil, role, "token")
            }
            // A batch token has no accessor, so that nobody could give it back.
            let error = try #require(await resolver.failure("openai"))
            #expect(error.code == .pluginFailed && error.message.contains("has no id"))
            await resolver.shutdown()
        }
    }

    @Test func `An outage while a key is lent is bridged by the key, and a restart finds its lease`() async throws {
        try await withTemporaryFolder { folder in
            let server = try await BaoServer.started()
            let vault = try await Vault(server)
            let role = unique("role")
            try await vault.admin.createTokenRole(role, policies: ["default"], maxTTL: "1h")
            let resolver = try vault.resolver { configuration in
                (configuration.tokenRole, configuration.field) = (role, "token")
                configuration.settings.leases = LeaseSettings(journal: "\(folder.path)/leases")
                configuration.settings.timeout = nil
            }
            let key = try await resolver.requireAPIKey(service: "openai")
            try await server.kill()
            vault.clock.advance(by: .seconds(2_500))
            for _ in 0..<5 { #expect(try await resolver.requireAPIKey(service: "openai") == key) }
            try await server.restart()
            #expect(try await vault.admin.with(token: key.value).call("GET", "auth/token/lookup-self").status == 200)
            #expect(resolver.release(key))
            try await until("it was given back") {
                vault.clock.advance(by: .seconds(1))
                return try await vault.admin.with(token: key.value).call("GET", "auth/token/lookup-self").status == 403
            }
            try await server.stop()
        }
    }
}
