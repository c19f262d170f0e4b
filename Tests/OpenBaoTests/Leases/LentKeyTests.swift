import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

/// What OpenBao lends, on the real server, with the real PostgreSQL behind it.
@Suite(.timeLimit(.minutes(5))) struct LentKeyTests {
    @Test func `A credential that was lent logs in, and after it was given back it does not`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            let database = try await lending.lendCredentials()
            let resolver = try lending.resolver()
            let key = try await resolver.requireAPIKey(service: "openai")
            let (user, password) = try await lending.credentials(resolver)
            #expect(key.value == password)
            #expect(try await database.canLogIn(user: user, password: password))
            let leases = try await lending.leases
            #expect(key.provenance?.lease.map { [$0.id] } == leases && lending.written.map(\.id) == leases)
            #expect(resolver.release(key))
            try await until("it was given back") { try await lending.leases.isEmpty }
            #expect(try await !database.canLogIn(user: user, password: password))
            try await until("nothing is written down") { lending.written.isEmpty }
            let other = try await lending.credentials(resolver)
            #expect(other.user != user)
            #expect(try await database.canLogIn(user: other.user, password: other.password))
            await resolver.shutdown()
            #expect(try await lending.leases.isEmpty)
        }
    }

    @Test func `1,000 concurrent first calls: one login, one lease`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            _ = try await lending.lendCredentials()
            let resolver = try lending.resolver()
            let values = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<1_000 {
                    group.addTask { try await resolver.requireAPIKey(service: "openai").value }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(values.count == 1)
            #expect(try await lending.leases.count == 1)
            #expect(try lending.vault.logins(of: lending.approle) == 1)
            #expect(try lending.vault.server.requests().count { $0.path == lending.place } == 1)
            await resolver.shutdown()
        }
    }

    @Test func `A lease is renewed at the server while its key is used, and the key stays`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder, tokenTTL: "20h")
            _ = try await lending.lendCredentials(ttl: "1h")
            let resolver = try lending.resolver()
            let first = try await lending.credentials(resolver)
            let id = try #require(try await lending.leases.first)
            #expect(try await lending.admin.lookUp(lease: id).string("data.last_renewal") == nil)
            lending.clock.advance(by: .seconds(45 * 60))
            // Stale: it is given out while it is renewed in the background.
            #expect(try await lending.credentials(resolver) == first)
            try await until("it was renewed") {
                try await lending.admin.lookUp(lease: id).string("data.last_renewal") != nil
            }
            try await until("the resolver knows") { resolver.leaseStatistics["openbao"]?.renewed == 1 }
            #expect(try await lending.credentials(resolver) == first)
            #expect(try resolver.explain(service: "openai").description.contains("renewed once"))
            await resolver.shutdown()
        }
    }

    @Test func `A lease that was revoked at the server is given up, and another one borrowed`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            let database = try await lending.lendCredentials()
            let resolver = try lending.resolver()
            let first = try await lending.credentials(resolver)
            try await lending.admin.revokeLeases(below: lending.place)
            lending.clock.advance(by: .seconds(60))
            let second = try await lending.credentials(resolver, refresh: true)
            #expect(second.user != first.user)
            #expect(try await database.canLogIn(user: second.user, password: second.password))
            #expect(resolver.leaseStatistics["openbao"]?.lost == 1)
            await resolver.shutdown()
        }
    }

    @Test func `Near the longest life another credential is borrowed ahead, and none that is dead is given out`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            let database = try await lending.lendCredentials(ttl: "3s", maxTTL: "5s")
            // The server's clock can't be set, so this one runs with it.
            var vault = lending.vault
            vault.isInRealTime = true
            let resolver = try vault.resolver(environment: lending.approle.environment) { configuration in
                lending.approle.use(in: &configuration)
                configuration.mount = lending.mount
                configuration.creds = "{service}"
                configuration.settings.leases = LeaseSettings(grace: .zero, journal: "\(folder.path)/leases")
            }
            try lending.nameUser(to: resolver)
            var users: Set<String> = []
            let end = ContinuousClock.now + .seconds(9)
            while ContinuousClock.now < end {
                let (user, password) = try await lending.credentials(resolver)
                // Those of a moment ago may have been replaced between the two.
                let again = try await lending.credentials(resolver)
                if again.user == user { #expect(try await database.canLogIn(user: user, password: again.password)) }
                _ = password
                users.insert(user)
            }
            #expect((2...6).contains(users.count), "\(users.count) credentials in 9 s")
            await resolver.shutdown()
            #expect(try await lending.leases.isEmpty)
        }
    }

    @Test func `What is asked to last less is cut at once`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            _ = try await lending.lendCredentials(ttl: "1h")
            let resolver = try lending.resolver { $0.duration = .seconds(120) }
            _ = try await lending.credentials(resolver)
            let id = try #require(try await lending.leases.first)
            let left = try #require(try await lending.admin.lookUp(lease: id).int("data.ttl"))
            #expect((60...120).contains(left))
            await resolver.shutdown()
        }
    }

    @Test func `What is lent ends with the login that it was lent for, and is not given out longer`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder, tokenTTL: "10m")
            _ = try await lending.lendCredentials(ttl: "1h")
            let resolver = try lending.resolver()
            _ = try await lending.credentials(resolver)
            let text = try resolver.explain(service: "openai").description
            let words = try #require(text.firstMatch(of: #/good for (\d+) s/#))
            #expect(try (500...540).contains(#require(Int(words.output.1))))
            await resolver.shutdown()
        }
    }

    @Test func `What was lent for a login that the server revoked is given out no more`() async throws {
        try await withTemporaryFolder { folder in
            let kv = unique("kv")
            let policy = #"path "\#(kv)/data/*" { capabilities = ["read"] }"#
            let lending = try await LendingVault(in: folder, policy: policy)
            try await lending.admin.mountKV2(kv)
            try await lending.admin.put(kv, "groq", ["value": "sk-groq"])
            let database = try await lending.lendCredentials()
            let resolver = try lending.resolver()
            try resolver.override("groq") { $0["openbao"] = ["path": "groq", "mount": PluginSetting(kv)] }
            let first = try await lending.credentials(resolver)
            #expect(try await resolver.value("groq") == "sk-groq")
            try await lending.vault.revokeTokens(of: lending.approle)
            // Whoever reads anything learns that the login is gone, and so does what was lent for it.
            #expect(try await resolver.value("groq", refresh: true) == "sk-groq")
            let second = try await lending.credentials(resolver)
            #expect(second.user != first.user)
            #expect(try await database.canLogIn(user: second.user, password: second.password))
            await resolver.shutdown()
        }
    }

    @Test func `What is lent for a token that was given ends with it`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            _ = try await lending.lendCredentials(ttl: "1h")
            let policy = unique("policy")
            let hcl = #"path "\#(lending.mount)/creds/*" { capabilities = ["read"] }"#
            try await lending.admin.createPolicy(policy, hcl)
            let token = try await lending.admin.createToken(policies: [policy], ttl: "10m")
            let resolver = try lending.vault.resolver(token: token) { configuration in
                (configuration.mount, configuration.creds) = (lending.mount, "{service}")
                configuration.settings.leases.journal = "\(folder.path)/leases"
            }
            _ = try await resolver.requireAPIKey(service: "openai")
            let words = try #require(
                try resolver.explain(service: "openai").description.firstMatch(of: #/good for (\d+) s/#)
            )
            #expect(try (500...540).contains(#require(Int(words.output.1))))
            let counted = try await lending.admin.createToken(policies: [policy], uses: 9)
            let other = try lending.vault.resolver(token: counted) { configuration in
                (configuration.mount, configuration.creds) = (lending.mount, "{service}")
                configuration.settings.leases.journal = "\(folder.path)/leases"
            }
            let error = try #require(await other.failure("openai"))
            #expect(error.message.contains("limited number of times"))
        }
    }

    @Test func `A token of a role is lent, and is good for nothing once it was given back`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            let role = unique("role")
            try await lending.admin.createTokenRole(role, policies: ["default"], maxTTL: "1h")
            let resolver = try lending.resolver { configuration in
                configuration.creds = nil
                configuration.tokenRole = role
                configuration.field = "token"
                configuration.duration = .seconds(600)
            }
            let key = try await resolver.requireAPIKey(service: "openai")
            let own = lending.admin.with(token: key.value)
            let looked = try await own.expect("GET", "auth/token/lookup-self")
            #expect(try (500...600).contains(#require(looked.int("data.ttl"))))
            lending.clock.advance(by: .seconds(60))
            #expect(try await resolver.requireAPIKey(service: "openai", refresh: true) == key)
            #expect(resolver.leaseStatistics["openbao"]?.renewed == 1)
            #expect(resolver.release(key))
            try await until("it is dead") { try await own.call("GET", "auth/token/lookup-self").status == 403 }
            await resolver.shutdown()
        }
    }

    @Test func `A shutdown gives back what was lent, and then ends its own login`() async throws {
        try await withTemporaryFolder { folder in
            let lending = try await LendingVault(in: folder)
            _ = try await lending.lendCredentials()
            let resolver = try lending.resolver()
            _ = try await lending.credentials(resolver)
            let before = try lending.vault.server.requests().count
            await resolver.shutdown()
            let paths = try lending.vault.server.requests().dropFirst(before).map(\.path)
                .filter { ["sys/leases/revoke", "auth/token/revoke-self"].contains($0) }
            #expect(paths.contains("sys/leases/revoke") && paths.contains("auth/token/revoke-self"))
            #expect(try await lending.leases.isEmpty && lending.written.isEmpty)
        }
    }
}
