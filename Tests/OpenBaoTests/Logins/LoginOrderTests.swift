import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Several logins in order")
struct LoginOrderTests {
    private static let nowhere = SecretReference.file("/nonexistent/credential")

    @Test("A credential that isn't there leads to the next login, and a warning says so")
    func missing() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role(["token_ttl": "600s"])
        let logins = [
            .token(Self.nowhere), .kubernetes(role: "r", token: Self.nowhere),
            .userpass(user: "ann", password: .environment("NOT_SET")), role.login,
        ]
        let resolver = try vault.resolver(logins, environment: role.environment)
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(try vault.logins(of: role) == 1)
        let explanation = try resolver.explain(service: "openai")
        #expect("\(explanation)".contains("logs in by AppRole at auth/\(role.method)"), "\(explanation)")
        for name in ["the token from", "Kubernetes at auth/kubernetes", "userpass at auth/userpass"] {
            #expect(explanation.warnings.contains { $0.contains(name) && $0.contains("passed over") }, "\(name)")
        }
    }

    @Test("A refused login leads to the next one only where that is said", arguments: [true, false])
    func refused(_ isAllowed: Bool) async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role(["token_ttl": "600s"])
        let wrong = OpenBaoLogin.appRole(roleID: .literal("other"), secretID: .environment("TEST_SECRET_ID"))
            .at(role.method)
        let first = isAllowed ? wrong.next(.missing, .refused) : wrong
        let resolver = try vault.resolver([first, role.login], environment: role.environment)
        if isAllowed {
            #expect(try await resolver.value("openai") == "sk-1")
        } else {
            #expect(await resolver.failure("openai")?.code == .unauthenticated)
            #expect(try vault.logins(of: role) == 1)
        }
    }

    @Test("A login that can't answer now leads to the next one only where that is said", arguments: [true, false])
    func unavailable(_ isAllowed: Bool) async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role(["token_ttl": "600s"])
        // Nobody has said where its Kubernetes is: a 500.
        let mount = try await vault.admin.enable("kubernetes")
        let members = ["bound_service_account_names": "a", "bound_service_account_namespaces": "b"]
        try await vault.admin.expect("POST", "auth/\(mount)/role/r", members)
        let broken = OpenBaoLogin.kubernetes(role: "r", token: .environment("TEST_SECRET_ID")).at(mount)
        let first = isAllowed ? broken.next(.unavailable) : broken
        var patient = vault
        patient.isInRealTime = true
        let resolver = try patient.resolver([first, role.login], environment: role.environment)
        if isAllowed {
            #expect(try await resolver.value("openai") == "sk-1")
        } else {
            #expect(await resolver.failure("openai")?.code == .unavailable)
        }
    }

    @Test("A credential that is there and can't be one isn't a missing one")
    func malformed() async throws {
        let vault = try await Vault()
        let role = try await vault.role([:])
        let file = try CredentialFile("two words\nof leak")
        let resolver = try vault.resolver([.token(file.reference), role.login], environment: role.environment)
        let error = await resolver.failure("openai")
        #expect(error?.code == .unauthenticated)
        #expect(error?.description.contains("leak") == false)
        #expect(try vault.logins(of: role) == 0)
    }

    @Test("An identity token that is there and may not be read isn't a missing one")
    func identityToken() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role([:])
        // Not in a folder for such tokens.
        let file = try CredentialFile("leak")
        let login = OpenBaoLogin.jwt(role: nil, token: .identityToken(file.path))
        let resolver = try vault.resolver([login, role.login], environment: role.environment)
        #expect(await resolver.failure("openai")?.code == .unauthenticated)
        #expect(try vault.logins(of: role) == 0)
        let nowhere = OpenBaoLogin.jwt(role: nil, token: .identityToken("/nonexistent/credential"))
        let other = try vault.resolver([nowhere, role.login], environment: role.environment)
        #expect(try await other.value("openai") == "sk-1")
    }

    @Test("Where all fail, the last failure names those before")
    func all() async throws {
        let vault = try await Vault()
        let resolver = try vault.resolver([.token(Self.nowhere), .jwt(role: nil, token: .environment("NOT_SET"))])
        let error = await resolver.failure("openai")
        #expect(error?.code == .unauthenticated)
        #expect(error?.message.contains("NOT_SET") == true, "\(String(describing: error))")
        #expect(error?.message.contains("/nonexistent/credential was passed over") == true)
    }

    @Test("A token of the list is used as it is, and read again when its file is written")
    func token() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role([:])
        let token = try await vault.token(reading: "ai/*")
        let file = try CredentialFile(token)
        let resolver = try vault.resolver([.token(file.reference), role.login], environment: role.environment)
        #expect(try await resolver.value("openai") == "sk-1")
        try file.write(try await vault.token(reading: "ai/*"))
        try await vault.admin.revoke(token)
        vault.clock.advance(by: .seconds(1))
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(try vault.reads(of: "ai/providers") == 2)
        #expect(try vault.logins(of: role) == 0)
    }

    @Test("Each login has its own namespace, whatever that of the secrets")
    func namespaces() async throws {
        let vault = try await Vault()
        let team = unique("team")
        try await vault.fill(team)
        let policy = unique("policy")
        let path = #"path "\#(vault.mount)/data/ai/*" { capabilities = ["read"] }"#
        try await vault.admin.within(team).createPolicy(policy, path)
        let role = try await vault.role(policy: policy, in: team)
        var login = role.login
        login.namespace = team
        var elsewhere = role.login.next(.refused)
        elsewhere.namespace = "/"
        let resolver = try vault.resolver([elsewhere, login], environment: role.environment) {
            $0.namespace = team
            $0.loginNamespace = "nobody/asks/here"
        }
        #expect(try await resolver.value("openai") == "sk-\(team)")
        let requests = try vault.server.requests(pathContaining: "auth/\(role.method)/login")
        #expect(requests.map(\.namespace) == ["", "\(team)/"])
    }
}
