import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// The printed policy, written to the real server: a token with it alone can do what the configuration needs, and
/// nothing beside that.
@Suite("The least policy for a configuration", .timeLimit(.minutes(5)))
struct PolicyTests {
    private static let text = """
        { plugins: { openbao: { $AT, path: 'ai/{profile}/{service}' } },
          managers: { team: { kind: 'openbao', $AT, prefix: 'team/', secret: 'all/{service}' } },
          providers: {
            openai: { openbao: { path: 'own/openai' } },
            groq: { openbao: { mount: 'OTHER', path: 'x/{tenant}-keys/groq' } },
            cohere: { openbao: { path: 'keys/key-{tenant}' } },
            mistral: { source: 'team', secret: 'mistral' } },
          profiles: { dev: {}, prod: { providers: { openai: { openbao: { path: 'prod/openai' } } } } } }
        """

    private struct Key: Sendable {
        let service: Service
        let scope: KeyScope
        /// The mount is the other one.
        var isElsewhere = false
        let path: String
    }

    private static let keys = [
        Key(service: "anthropic", scope: KeyScope(profile: "dev"), path: "ai/dev/anthropic"),
        Key(service: "openai", scope: KeyScope(profile: "dev"), path: "own/openai"),
        Key(service: "openai", scope: KeyScope(profile: "prod"), path: "prod/openai"),
        Key(service: "groq", scope: KeyScope(tenant: "acme"), isElsewhere: true, path: "x/acme-keys/groq"),
        Key(service: "cohere", scope: KeyScope(tenant: "acme"), path: "keys/key-acme"),
        Key(service: "mistral", scope: KeyScope(), path: "team/mistral"),
        Key(service: "deepseek", scope: KeyScope(profile: "dev"), path: "team/all/deepseek"),
    ]

    private static let neighbours = [
        "ai", "ai/dev", "ai/dev/openai/deep", "own/groq", "own", "prod/groq", "team/other", "team/all/a/b",
        "keys/other",
        "nowhere",
    ]

    @Test func `A token with the policy alone reads every configured key, and nothing beside them`() async throws {
        let vault = try await Vault()
        let other = unique("kv")
        try await vault.admin.mountKV2(other)
        let operated = try OperatedVault(vault, Self.text.replacing("OTHER", with: other))
        for key in Self.keys {
            let mount = key.isElsewhere ? other : vault.mount
            try await vault.admin.put(mount, key.path, ["value": "sk-\(key.path)"])
        }
        for path in Self.neighbours { try await vault.admin.put(vault.mount, path, ["value": "sk-neighbour"]) }
        let token = try await operated.token()
        let resolver = try operated.resolver(token: token)
        for key in Self.keys {
            #expect(try await resolver.value(key.service, scope: key.scope) == "sk-\(key.path)", "\(key.path)")
        }
        let holder = vault.admin.with(token: token)
        for path in Self.neighbours {
            #expect(try await holder.get(vault.mount, path).status == 403, "\(path)")
        }
        for key in Self.keys {
            let mount = key.isElsewhere ? other : vault.mount
            #expect(try await holder.get(mount, key.path).status == 200, "\(key.path)")
            let write = try await holder.call("POST", "\(mount)/data/\(key.path)", ["data": ["value": "x"]])
            #expect(write.status == 403, "\(key.path)")
            #expect(try await holder.call("DELETE", "\(mount)/data/\(key.path)").status == 403, "\(key.path)")
            #expect(try await holder.call("GET", "\(mount)/metadata/\(key.path)").status == 403, "\(key.path)")
        }
        #expect(try await holder.call("LIST", "\(vault.mount)/metadata/ai/dev").status == 403)
        #expect(try await holder.call("GET", "auth/token/lookup-self").status == 403)
    }

    @Test func `What a policy can't say exactly is wider, and a comment says how`() async throws {
        let vault = try await Vault()
        let operated = try OperatedVault(vault, Self.text.replacing("OTHER", with: "other"))
        let rules = try #require(try operated.policies().first).rules
        let wider = rules.filter { $0.remarks.count > 1 }
        #expect(wider.map(\.path).sorted() == ["\(vault.mount)/data/keys/key-*", "other/data/x/+/groq"])
        let text = try #require(try operated.policies().first).text
        #expect(text.contains("# Wider than 'key-…': a policy can't say a part of a segment but by '*'"))
        #expect(text.contains("# Wider than '…-keys': a policy can't say a part of a segment, and '+' takes"))
    }

    @Test(arguments: ["", "team/", "team-", "deep/team-"])
    func `With --write a secret manager writes, rotates, lists and deletes, and without it can't`(_ prefix: String)
        async throws
    {
        let vault = try await Vault()
        let text =
            "{managers: {team: {kind: 'openbao', $AT, access: 'read-write', prefix: '\(prefix)', secret: '{service}'}}}"
        let operated = try OperatedVault(vault, text)
        try await vault.admin.put(vault.mount, "\(prefix)old", ["value": "sk-old"])
        try await vault.admin.put(vault.mount, "elsewhere/one", ["value": "sk-elsewhere"])

        let reading = try operated.resolver(token: try await operated.token()).secrets(in: "team")
        #expect(try await reading.read("old")?.content.text == "sk-old")
        for operation in Self.changes {
            let error = await #expect(throws: (any Error).self) { try await operation.body(reading, "old") }
            #expect(Self.isDenied(error), "\(operation.name): \(String(describing: error))")
        }

        let token = try await operated.token(writing: true)
        let writing = try operated.resolver(token: token).secrets(in: "team")
        var options = SecretWriteOptions()
        (options.description, options.tags) = ("a key", ["owner": "team"])
        try await writing.write(.text("sk-1"), to: "new", options)
        #expect(try await writing.rotate("new", to: .text("sk-2")).isOldRetired)
        #expect(try await writing.read("new")?.content.text == "sk-2")
        #expect(try await Set(writing.list().map(\.rawValue)).isSuperset(of: ["new", "old"]))
        try await writing.delete("new")
        #expect(try await writing.read("new") == nil)
        let manager = try vault.manager(token: token)
        let full = try SecretName("\(prefix)new")
        try await manager.undelete(["2"], of: full)
        #expect(try await writing.read("new")?.content.text == "sk-2")
        try await manager.patch(["other": "sk-3"], of: full)
        #expect(try await manager.metadata(of: full) == ["description": "a key", "owner": "team"])
        try await manager.delete(full, recoverableFor: .zero, SecretOptions())
        #expect(try await vault.admin.call("GET", "\(vault.mount)/metadata/\(prefix)new").status == 404)
        let reach = try await vault.admin.with(token: token).get(vault.mount, "elsewhere/one").status
        #expect(reach == (prefix.isEmpty ? 200 : 403))
    }

    private struct Change: Sendable {
        let name: String
        let body: @Sendable (ManagedSecrets, String) async throws -> Void
    }

    private static let changes = [
        Change(name: "write") { try await $0.write(.text("x"), to: $1) },
        Change(name: "rotate") { _ = try await $0.rotate($1, to: .text("x")) },
        Change(name: "list") { secrets, _ in _ = try await secrets.list() },
        Change(name: "delete") { try await $0.delete($1) },
    ]

    private static func isDenied(_ error: (any Error)?) -> Bool {
        let known = error as? KeyResolutionError ?? (error as? SecretRotationError)?.underlying as? KeyResolutionError
        return known?.code == .denied
    }

    @Test func `A manager that may only be read, or only be written, gets no more by --write`() async throws {
        let vault = try await Vault()
        func rules(_ access: String) throws -> [String] {
            try OperatedVault(vault, "{managers: {m: {kind: 'openbao', $AT, access: '\(access)', prefix: 'p/'}}}")
                .rules(writing: true)
        }
        #expect(try rules("read-only") == ["\(vault.mount)/data/p/*: read"])
        #expect(
            try rules("write-only") == [
                "\(vault.mount)/data/p/*: create update patch delete", "\(vault.mount)/metadata/p/*: read patch delete",
                "\(vault.mount)/destroy/p/*: update", "\(vault.mount)/undelete/p/*: update",
            ]
        )
    }

    @Test func `The plugin's narrower rule doesn't keep a manager from writing there`() async throws {
        let vault = try await Vault()
        let text = """
            { plugins: { openbao: { $AT, path: 'ai/{service}' } },
              managers: { all: { kind: 'openbao', $AT, access: 'read-write' } },
              providers: { openai: { openbao: { path: 'ai/own/{tenant}' } } } }
            """
        let operated = try OperatedVault(vault, text)
        #expect(try operated.policies().map(\.sections) == [["plugins.openbao", "managers.all"]])
        let secrets = try operated.resolver(token: try await operated.token(writing: true)).secrets(in: "all")
        for name in ["ai/groq", "ai/own/acme", "elsewhere"] {
            try await secrets.write(.text("sk-1"), to: name)
            try await secrets.delete(name)
        }
    }

    @Test func `What is never asked of OpenBao has no rule`() async throws {
        let text = """
            { plugins: { openbao: { $AT, path: 'ai/{service}' } },
              providers: {
                openai: { plugins: [], openbao: { path: 'never' } },
                groq: { plugins: [], openbao: { path: 'sometimes' } },
                vault: { openbao: { path: 'itself' } } },
              profiles: { prod: { providers: { groq: { plugins: ['openbao'] } } } } }
            """
        let vault = try await Vault()
        let paths = ["ai/+", "sometimes"].map { "\(vault.mount)/data/\($0): read" }
        #expect(try OperatedVault(vault, text).rules() == paths)
    }

    @Test func `Sections with tokens of their own have policies of their own`() async throws {
        let vault = try await Vault()
        let text = """
            { plugins: { openbao: { $AT, path: 'ai/{service}' } },
              managers: { other: { kind: 'openbao', address: '\(vault.server.address)', token: 'env:OTHER', secret: 'keys' } } }
            """
        let policies = try OperatedVault(vault, text).policies()
        #expect(policies.map(\.sections) == [["plugins.openbao"], ["managers.other"]])
        #expect(policies.map { $0.rules.map(\.path) } == [["\(vault.mount)/data/ai/+"], ["secret/data/keys"]])
    }

    @Test(arguments: ["we ird/\"quoted\\one", "schlüssel/e\u{301}", "a+b/c*d", "+", "x/ends*", "🔑"])
    func `A path of odd characters is read by the token, as the server takes the policy`(_ path: String) async throws {
        let vault = try await Vault()
        let encoded = path.utf8.map { "%" + String($0 / 16, radix: 16) + String($0 % 16, radix: 16) }.joined()
            .replacing("%2f", with: "/")
        try await vault.admin.put(vault.mount, encoded, ["OPENAI_API_KEY": "sk-odd"])
        let written = path.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        let operated = try OperatedVault(vault, "{plugins: {openbao: {$AT, path: '\(written)'}}}")
        let token = try await operated.token()
        #expect(try await operated.resolver(token: token).value("openai") == "sk-odd")
        #expect(try await vault.admin.with(token: token).get(vault.mount, "other/neighbour").status == 403)
        #expect(try operated.policies().allSatisfy { $0.text.utf8.allSatisfy { $0 < 0x80 } })
    }

    @Test(arguments: [true, false])
    func `For KV 1 the paths are those of KV 1`(_ isWriting: Bool) async throws {
        let (vault, mount) = (try await Vault(), unique("kv1"))
        try await vault.admin.mountKV1(mount)
        try await vault.admin.expect("POST", "\(mount)/ai/openai", ["value": "sk-1"])
        try await vault.admin.expect("POST", "\(mount)/neighbour", ["value": "sk-2"])
        let operated = try OperatedVault(vault, "{plugins: {openbao: {$AT, path: 'ai/{service}'}}}", mount: mount)
        let holder = vault.admin.with(token: try await operated.token(writing: isWriting, .one))
        #expect(try await holder.call("GET", "\(mount)/ai/openai").status == 200)
        #expect(try await holder.call("GET", "\(mount)/neighbour").status == 403)
        let status = try await holder.call("POST", "\(mount)/ai/openai", ["value": "sk-3"]).status
        #expect(status == (isWriting ? 204 : 403))
        #expect(try await holder.call("DELETE", "\(mount)/ai/openai").status == (isWriting ? 204 : 403))
    }

    @Test(arguments: ["own", "root"]) func `Paths are as the namespace of the token sees them`(_ login: String)
        async throws
    {
        let (vault, team) = (try await Vault(), unique("team"))
        try await vault.fill(team)
        let namespaces = "namespace: '\(team)'" + (login == "root" ? ", loginNamespace: '/'" : "")
        let operated = try OperatedVault(vault, "{plugins: {openbao: {$AT, \(namespaces), path: 'ai/providers'}}}")
        let policy = try #require(try operated.policies().first)
        let path = "\(vault.mount)/data/ai/providers"
        #expect(policy.rules.map(\.path) == [login == "root" ? "\(team)/\(path)" : path])
        #expect(policy.namespace == (login == "root" ? nil : team))
        #expect(policy.text.contains("bao policy write -namespace='\(team)' keyhooks -") == (login == "own"))
        let token = try await operated.token(in: login == "root" ? nil : team)
        #expect(try await operated.resolver(token: token).value("openai") == "sk-\(team)")
    }

    @Test func `That no token of the configured namespace can reach a secret is said, and has no rule`() async throws {
        let text = """
            { plugins: { openbao: { $AT, namespace: 'team', path: 'ai/{service}' } },
              providers: { openai: { openbao: { namespace: 'other', path: 'openai' } } } }
            """
        let policy = try #require(try OperatedVault(try await Vault(), text).policies().first)
        #expect(policy.rules.count == 1)
        #expect(policy.problems.count == 1)
        #expect(
            policy.text.contains(
                "# PROBLEM: A token of the namespace 'team' can't reach secrets in the namespace 'other'"
            )
        )
    }
}
