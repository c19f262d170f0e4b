import KeyHooks
import OpenBao
import OpenBaoTestSupport
import ServerSettings
import Testing

/// What an operator learns of a configuration, on real servers.
@Suite("Checking the way to OpenBao", .timeLimit(.minutes(5)))
struct CheckTests {
    private static let text = """
        { plugins: { openbao: { $AT, path: 'ai/{service}' } },
          providers: { openai: {}, groq: { openbao: { path: 'own/groq' } }, mistral: { plugins: [] } } }
        """

    /// What `default` allows of what a check asks, as the printed policy has it in comments.
    private static let itself = """
        path "auth/token/lookup-self" { capabilities = ["read"] }
        path "sys/capabilities-self" { capabilities = ["update"] }
        """

    @Test func `All is well with the printed policy, and no secret was asked for`() async throws {
        let vault = try await Vault()
        let operated = try OperatedVault(vault, Self.text)
        let text = try operated.policies().map(\.text).joined()
        let token = try await vault.admin.createToken(allowing: text, default: true)
        let before = try vault.server.requests().count
        let findings = try await operated.check(token: token)
        #expect(findings.allSatisfy { $0.outcome == .passed && $0.code == nil && $0.remedy == nil }, "\(findings)")
        #expect(
            findings.map(\.step) == [
                "server \(vault.server.address)", "token", "mount \(vault.mount)", "\(vault.mount)/data/own/groq",
                "\(vault.mount)/data/ai/openai",
            ]
        )
        #expect(findings.allSatisfy { $0.sections == ["plugins.openbao"] })
        // Other tests use the server too: what concerns the mount can only be ours.
        let asked = try vault.server.requests().dropFirst(before).filter { $0.path.contains(vault.mount) }
        #expect(asked.map(\.path) == ["sys/internal/ui/mounts/\(vault.mount)"])
        #expect(!"\(findings)".contains(token))
    }

    @Test func `What writing needs is checked if that is wanted`() async throws {
        let vault = try await Vault()
        let text = "{managers: {team: {kind: 'openbao', $AT, access: 'read-write', prefix: 'team/'}}}"
        let operated = try OperatedVault(vault, text)
        func outcomes(_ isWriting: Bool) async throws -> [CheckFinding] {
            let policy = try operated.policies(writing: isWriting).map(\.text).joined()
            let token = try await vault.admin.createToken(allowing: policy, default: true)
            return try await operated.check(token: token) { $0.isWriting = true }
        }
        #expect(try await outcomes(true).allSatisfy { $0.outcome == .passed })
        let denied = try await outcomes(false).filter { $0.outcome == .denied }
        #expect(
            denied.map(\.step) == ["data", "metadata", "destroy", "undelete"].map { "\(vault.mount)/\($0)/team/*" }
        )
        #expect(denied.first?.reason.hasPrefix("the token lacks create, update, patch, delete: ") == true)
    }

    @Test func `A missing line of the policy is named, and with it all is well`() async throws {
        let vault = try await Vault()
        let operated = try OperatedVault(vault, Self.text)
        let policy = #"path "\#(vault.mount)/data/own/groq" { capabilities = ["read"] }"#
        let token = try await vault.admin.createToken(allowing: policy, default: true)
        let findings = try await operated.check(token: token)
        let denied = try #require(findings.first { $0.outcome == .denied })
        #expect(findings.filter { $0.outcome != .passed }.count == 1, "\(findings)")
        #expect(denied.step == "\(vault.mount)/data/ai/openai" && denied.code == .denied)
        #expect(denied.reason == "the token lacks read: The key of 'openai'")
        let line = #"path "\#(vault.mount)/data/ai/+" { capabilities = ["read"] }"#
        #expect(denied.remedy == "add to its policy: \(line)")
        let fixed = try await vault.admin.createToken(allowing: policy + "\n" + line, default: true)
        #expect(try await operated.check(token: fixed).allSatisfy { $0.outcome == .passed })
    }

    @Test func `A token that the server doesn't accept is reported with where it is from`() async throws {
        let vault = try await Vault()
        let token = try await vault.token(reading: "ai/*")
        try await vault.admin.revoke(token)
        for token in [token, "s.nonsense"] {
            let findings = try await OperatedVault(vault, Self.text).check(token: token)
            #expect(findings.map(\.outcome) == [.passed, .failed])
            #expect(findings.last?.code == .unauthenticated)
            #expect(findings.last?.reason == "OpenBao does not accept the token (the one from TEST_TOKEN)")
            #expect(!"\(findings)".contains(token))
        }
    }

    @Test func `A token without the policy 'default' is told apart from one that isn't accepted`() async throws {
        let vault = try await Vault()
        let operated = try OperatedVault(vault, Self.text)
        let findings = try await operated.check(token: try await operated.token())
        let token = try #require(findings.first { $0.step == "token" })
        #expect(token.outcome == .skipped && token.code == nil)
        #expect(token.reason.hasPrefix("it is accepted, and has no policy 'default'"))
        let policy = try #require(findings.first { $0.step == "policy" })
        #expect(policy.code == .unsupported && policy.reason.contains("sys/capabilities-self"))
        // The mount is seen all the same: its look-up needs no policy of its own.
        #expect(findings.contains { $0.step == "mount \(vault.mount)" && $0.outcome == .passed })
        let text = try operated.policies().map(\.text).joined() + Self.itself
        let whole = try await operated.check(token: try await vault.admin.createToken(allowing: text))
        #expect(whole.allSatisfy { $0.outcome == .passed }, "\(whole)")
    }

    @Test func `A token of few uses loses one of them, and nothing more is asked`() async throws {
        let vault = try await Vault()
        let operated = try OperatedVault(vault, Self.text)
        let policy = try operated.policies().map(\.text).joined()
        let token = try await vault.admin.createToken(allowing: policy, default: true, uses: 5)
        let findings = try await operated.check(token: token)
        #expect(findings.map(\.outcome) == [.passed, .skipped])
        #expect(findings.last?.reason.contains("it has 4 uses left after this look") == true)
        #expect(findings.last?.code == .unsupported)
        #expect(try await vault.admin.expect("POST", "auth/token/lookup", ["token": token]).int("data.num_uses") == 4)
        let last = try await operated.check(
            token: try await vault.admin.createToken(allowing: policy, default: true, uses: 1)
        )
        #expect(last.last?.outcome == .failed && last.last?.reason.contains("it has 0 uses left") == true)
    }

    @Test
    func `A mount that isn't there, isn't KV or isn't of the version that is said is a mistake of the configuration`()
        async throws
    {
        let (vault, kv1) = (try await Vault(), unique("kv1"))
        try await vault.admin.mountKV1(kv1)
        let database = unique("database")
        try await vault.admin.mountDatabase(database)
        let rows = [
            (unique("nowhere"), "there is no such mount, though the token would be allowed to read there"),
            (database, "it isn't a KV engine, but 'database'"),
        ]
        for (mount, reason) in rows {
            let findings = try await OperatedVault(vault, Self.text, mount: mount).check()
            let finding = try #require(findings.first { $0.step == "mount \(mount)" })
            #expect(finding.code == .invalidConfiguration && finding.reason == reason)
        }
        // One of version 1 can be read, unless another version is said.
        for (said, reason) in [
            ("", nil), (", kv: 1", nil), (", kv: 2", "it is a KV engine of version 1, and 'kv' says 2"),
        ] {
            let text = Self.text.replacing("$AT", with: "$AT\(said)")
            let findings = try await OperatedVault(vault, text, mount: kv1).check()
            let finding = try #require(findings.first { $0.step == "mount \(kv1)" })
            #expect(finding.outcome == (reason == nil ? .passed : .failed))
            if let reason { #expect(finding.reason == reason) }
        }
        // To a token that may do nothing there, the server says no more than that.
        let token = try await vault.token(reading: "ai/*")
        let nowhere = try OperatedVault(vault, Self.text, mount: unique("nowhere"))
        let findings = try await nowhere.check(token: token)
        #expect(findings.filter { $0.step.hasPrefix("mount") }.map(\.outcome) == [.skipped])
        #expect(findings.filter { $0.outcome == .denied }.count == 2)
    }

    @Test func `A namespace that isn't there is said of the mount`() async throws {
        let vault = try await Vault()
        let text = "{plugins: {openbao: {$AT, namespace: '\(unique("nowhere"))', loginNamespace: '/', path: 'x'}}}"
        let findings = try await OperatedVault(vault, text).check()
        let mount = try #require(findings.first { $0.step.hasPrefix("mount") })
        #expect(mount.code == .invalidConfiguration)
    }

    @Test func `A sealed server, and one that is down, are told apart, and no token is sent`() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            let operated = try OperatedVault(vault, Self.text)
            let dead = "http://127.0.0.1:\(try freePort())"
            let both = try OperatedVault(
                vault,
                Self.text.replacing(
                    "$AT",
                    with: "address: ['\(dead)', '\(server.address)'], token: 'env:TEST_TOKEN', mount: '\(vault.mount)'"
                )
            )
            #expect(try await both.check().prefix(3).map(\.outcome) == [.failed, .passed, .passed])
            try await server.seal()
            let sealed = try await operated.check()
            #expect(sealed.map(\.outcome) == [.failed, .skipped])
            #expect(sealed.first?.code == .sealed && sealed.first?.reason == "it is sealed")
            try await server.kill()
            let down = try await operated.check()
            #expect(down.map(\.outcome) == [.failed, .skipped])
            #expect(down.first?.code == .unavailable && down.first?.reason.contains("can't be reached") == true)
        }
    }

    @Test func `A token of a login that isn't asked further is revoked as well`() async throws {
        let vault = try await Vault()
        let role = try await vault.role(["token_num_uses": 5, "token_ttl": "600s"])
        let login = "appRole: {roleID: '\(role.roleID)', secretID: 'env:TEST_SECRET_ID', mount: '\(role.method)'}"
        let text =
            "{plugins: {openbao: {address: '\(vault.server.address)', mount: '\(vault.mount)', \(login), path: 'ai/{service}'}}}"
        let findings = try await OperatedVault(vault, text).check(environment: role.environment)
        #expect(findings.last?.outcome == .skipped, "\(findings)")
        #expect(try vault.logins(of: role) == 1)
        #expect(try await vault.admin.leases(below: "auth/\(role.method)/login") == [])
    }

    @Test func `A login is made for the check, and its token revoked`() async throws {
        let vault = try await Vault()
        let role = try await vault.role(policy: try await vault.policy(reading: "ai/*"))
        let login = "appRole: {roleID: '\(role.roleID)', secretID: 'env:TEST_SECRET_ID', mount: '\(role.method)'}"
        let text =
            "{plugins: {openbao: {address: '\(vault.server.address)', mount: '\(vault.mount)', \(login), path: 'ai/{service}'}}}"
        let operated = try OperatedVault(vault, text)
        let findings = try await operated.check(environment: role.environment)
        #expect(findings.allSatisfy { $0.outcome == .passed }, "\(findings)")
        #expect(try vault.logins(of: role) == 1)
        #expect(try await vault.admin.leases(below: "auth/\(role.method)/login") == [])
        let refused = try await operated.check(environment: ["TEST_SECRET_ID": "nonsense"])
        #expect(refused.last?.step == "token" && refused.last?.code == .unauthenticated)
    }

    @Test func `The keys are those of the services, the profile and the tenant that are asked for`() async throws {
        let vault = try await Vault()
        let text = """
            { plugins: { openbao: { $AT, path: 'ai/{tenant}/{service}' } },
              providers: { openai: {}, groq: { openbao: { path: 'own/groq' } } },
              profiles: { prod: { providers: { groq: { openbao: { path: 'prod/groq' } } } } } }
            """
        let operated = try OperatedVault(vault, text)
        func steps(_ services: [Service], _ scope: KeyScope) async throws -> [String] {
            try await operated.check {
                ($0.services, $0.scope) = (services, scope)
            }
            .filter { $0.outcome == .passed && $0.step.hasPrefix("\(vault.mount)/data/") }
            .map { String($0.step.dropFirst("\(vault.mount)/data/".count)) }
        }
        #expect(try await steps([], KeyScope(tenant: "acme")).sorted() == ["ai/acme/openai", "own/groq"])
        #expect(try await steps(["groq"], KeyScope(profile: "prod")) == ["prod/groq"])
        #expect(try await steps(["gpt", "chatgpt"], KeyScope(tenant: "acme")).contains("ai/acme/openai"))
        let missing = try await operated.check()
        #expect(missing.first?.step == "plugins.openbao, 'openai'" && missing.first?.code == .invalidScope)
    }
}
