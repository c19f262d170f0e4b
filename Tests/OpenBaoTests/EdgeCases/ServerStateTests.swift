import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

/// Edge cases 21, 24 and 25: sealed servers, followers and namespaces, all of them real.
@Suite("Edge cases of servers", .timeLimit(.minutes(5)))
struct ServerStateTests {
    @Test func `Edge case 21: while the server is sealed the old value is served, and after that the new one`()
        async throws
    {
        try await withServer { server in
            let vault = try await Vault(server)
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
            let resolver = try vault.resolver(environment: ["OPENAI_API_KEY": "sk-environment"]) {
                $0.settings.cache.staleIfError = .seconds(100)
                $0.settings.fallback = .unavailable
            }
            #expect(try await resolver.value("openai") == "sk-1")
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-2"])
            try await server.seal()
            vault.clock.advance(by: .seconds(301))
            let stale = try #require(try await resolver.getAPIKey(service: "openai"))
            #expect(stale.value == "sk-1" && stale.provenance?.isStale == true)
            try await server.unseal()
            // The longest pause after a failure.
            vault.clock.advance(by: .seconds(31))
            let fresh = try #require(try await resolver.getAPIKey(service: "openai", maximumAge: .seconds(30)))
            #expect(fresh.value == "sk-2" && fresh.provenance?.isStale == false)
            // Beyond what may be stale, only a source that is allowed to may answer.
            try await server.seal()
            vault.clock.advance(by: .seconds(500))
            #expect(try await resolver.value("openai") == "sk-environment")
        }
    }

    @Test func `Edge case 24: a token that a follower doesn't know yet is good at once, and costs one login`()
        async throws
    {
        try await BaoCluster.withCluster { cluster in
            let leader = try await cluster.leader()
            let followers = [1, 2, 3].filter { $0 != leader }
            let admin = cluster.admin(at: leader)
            try await admin.put("secret", "ai/providers", ["OPENAI_API_KEY": "sk-1"])
            let (policy, method) = (unique("policy"), unique("approle"))
            try await admin.createPolicy(policy, #"path "secret/data/ai/*" { capabilities = ["read"] }"#)
            try await admin.enableAppRole(mount: method)
            let role = try await admin.createRole(mount: method, "reader", policies: [policy])
            // Until the followers know the role; of tokens they learn later than they are asked here.
            for follower in followers {
                try await until("the follower has the role") {
                    try await cluster.admin(at: follower)
                        .login(mount: method, roleID: role.roleID, secretID: role.secretID).status == 200
                }
            }
            for _ in 1...20 {
                var configuration = OpenBaoConfiguration(path: "ai/providers")
                configuration.addresses = followers.map { cluster.addresses[$0 - 1] }
                configuration.appRole = AppRoleCredentials(
                    roleID: .literal(role.roleID),
                    secretID: .environment("TEST_SECRET_ID"),
                    mount: method
                )
                let relay = RelayTransport()
                let environment = ["HOME": "/nonexistent", "TEST_SECRET_ID": role.secretID]
                let plugin = try OpenBaoPlugin(configuration, environment: environment, transport: relay)
                let resolver = try plugin.resolver()
                do {
                    #expect(try await resolver.value("openai") == "sk-1")
                } catch {
                    // What an election brings about is another matter.
                    #expect(try await cluster.leader() != leader, "\(error)")
                    return
                }
                #expect(relay.requests.count { $0.url.contains("/login") } == 1)
                // The login told of a state, and the read asks for no older one.
                let read = try #require(relay.requests.first { $0.url.contains("/data/") })
                #expect(read.headers["X-Vault-Index"] != nil)
            }
        }
    }

    @Test(arguments: ["team", "/team/", "team/"])
    func `Edge case 25: a namespace may be written with slashes, and health is asked without it`(_ form: String)
        async throws
    {
        let (vault, team) = (try await Vault(), unique("team"))
        try await vault.fill(team)
        var configuration = OpenBaoConfiguration(path: "ai/providers")
        configuration.addresses = [vault.server.address]
        configuration.mount = vault.mount
        configuration.namespace = form.replacing("team", with: team)
        configuration.token = .environment("TEST_TOKEN")
        configuration.loginNamespace = "/"
        let relay = RelayTransport()
        let environment = ["HOME": "/nonexistent", "TEST_TOKEN": vault.server.rootToken]
        let manager = try OpenBaoSecretManager(configuration, environment: environment, transport: relay)
        let secrets = ManagedSecrets(in: manager)
        #expect(await secrets.health()?.state == .healthy)
        #expect(try await secrets.read("ai/providers")?.content["OPENAI_API_KEY"] == "sk-\(team)")
        let namespaces = relay.requests.map { ($0.url.contains("/sys/health"), $0.headers["X-Vault-Namespace"]) }
        #expect(namespaces.contains { $0.0 && $0.1 == nil })
        #expect(!namespaces.contains { $0.0 && $0.1 != nil })
        #expect(namespaces.last?.1 == team)
        // Which is why: with a namespace the server refuses the question.
        #expect(try await vault.admin.within(team).call("GET", "sys/health").status == 400)
    }
}
