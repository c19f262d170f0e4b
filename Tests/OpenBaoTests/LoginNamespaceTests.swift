import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Logging in elsewhere than the secrets are")
struct LoginNamespaceTests {
    @Test("The namespace of the login may be the root, and the secrets in a namespace", arguments: ["/", ""])
    func root(_ loginNamespace: String) async throws {
        let vault = try await Vault()
        let team = unique("team")
        try await vault.fill(team)
        let policy = unique("policy")
        let path = "\(team)/\(vault.mount)/data/ai/*"
        try await vault.admin.createPolicy(policy, #"path "\#(path)" { capabilities = ["read"] }"#)
        let role = try await vault.role(policy: policy)
        let resolver = try vault.resolver(environment: role.environment) {
            role.use(in: &$0)
            $0.namespace = team
            $0.loginNamespace = loginNamespace
        }
        #expect(try await resolver.value("openai") == "sk-\(team)")
        #expect(try vault.logins(of: role) == 1)
    }

    @Test("The namespace of the login may be above that of the secrets")
    func parent() async throws {
        let vault = try await Vault()
        let team = unique("team")
        try await vault.admin.createNamespace(team)
        try await vault.admin.within(team).createNamespace("inner")
        try await vault.fill("\(team)/inner", isNew: false)
        let policy = unique("policy")
        let path = "inner/\(vault.mount)/data/ai/*"
        try await vault.admin.within(team).createPolicy(policy, #"path "\#(path)" { capabilities = ["read"] }"#)
        let role = try await vault.role(policy: policy, in: team)
        let resolver = try vault.resolver(environment: role.environment) {
            role.use(in: &$0)
            $0.namespace = "\(team)/inner"
            $0.loginNamespace = team
        }
        #expect(try await resolver.value("openai") == "sk-\(team)/inner")
        let login = try vault.server.requests(pathContaining: "auth/\(role.method)/login")
        #expect(login.map(\.namespace) == ["\(team)/"])
    }
}

extension Vault {
    /// A namespace with the same mount, and a secret in it that tells it from others.
    func fill(_ namespace: String, isNew: Bool = true) async throws {
        if isNew { try await admin.createNamespace(namespace) }
        let admin = admin.within(namespace)
        try await admin.mountKV2(mount)
        try await admin.put(mount, "ai/providers", ["OPENAI_API_KEY": "sk-\(namespace)"])
    }
}
