import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Logging in with each request")
struct InlineLoginTests {
    @Test("An AppRole goes with each request, and no token is left behind")
    func appRole() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role(["token_ttl": "600s"])
        let resolver = try vault.resolver([role.login.inline], environment: role.environment)
        for _ in 1...3 { #expect(try await resolver.value("openai") == "sk-1") }
        #expect(try vault.reads(of: "ai/providers") == 3)
        let words = "\(try resolver.explain(service: "openai"))"
        #expect(words.contains("sends a login by AppRole at auth/\(role.method) with each request"), "\(words)")
    }

    @Test("A denial is one of the secret, and no refusal of the login")
    func denied() async throws {
        let vault = try await Vault()
        let role = try await vault.role([:], policy: try await vault.policy(reading: "other/*"))
        let resolver = try vault.resolver([role.login.inline], environment: role.environment)
        #expect(await resolver.failure("openai")?.code == .denied)
    }

    @Test("The login may be of another namespace than the secret", arguments: ["/", nil])
    func namespaces(_ login: String?) async throws {
        let vault = try await Vault()
        let team = unique("team")
        try await vault.fill(team)
        let admin = login == nil ? vault.admin.within(team) : vault.admin
        let policy = unique("policy")
        let path = (login == nil ? "" : "\(team)/") + "\(vault.mount)/data/ai/*"
        try await admin.createPolicy(policy, #"path "\#(path)" { capabilities = ["read"] }"#)
        let role = try await vault.role(policy: policy, in: login == nil ? team : nil)
        let resolver = try vault.resolver([role.login.inline], environment: role.environment) {
            $0.namespace = team
            $0.loginNamespace = login
        }
        #expect(try await resolver.value("openai") == "sk-\(team)")
    }

    @Test("Refused credentials are sent twice and then left alone, and others are taken at once")
    func refused() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let mount = try await vault.admin.enable("userpass")
        let body = ["password": "right", "token_policies": try await vault.reading]
        try await vault.admin.expect("POST", "auth/\(mount)/users/ann", body)
        let file = try CredentialFile("wrong")
        let login = OpenBaoLogin.userpass(user: "ann", password: file.reference).at(mount).inline
        let resolver = try vault.resolver([login])
        for _ in 1...20 {
            let error = await resolver.failure("openai")
            #expect(error?.code == .unauthenticated, "\(String(describing: error))")
            vault.clock.advance(by: .seconds(30))
        }
        // OpenBao locks a user after five.
        let right = ["password": "right"]
        let reply = try await vault.admin.with(token: nil).call("POST", "auth/\(mount)/login/ann", right)
        #expect(reply.status == 200, "\(reply)")
        try file.write("right")
        vault.clock.advance(by: .seconds(2))
        #expect(try await resolver.value("openai") == "sk-1")
    }

    @Test("Many at once don't lock the user, and with the right password they all go through")
    func crowd() async throws {
        let vault = try await Vault()
        for number in 1...20 { try await vault.admin.put(vault.mount, "ai/p\(number)", ["OPENAI_API_KEY": "sk-1"]) }
        let mount = try await vault.admin.enable("userpass")
        let body = ["password": "right", "token_policies": try await vault.reading]
        try await vault.admin.expect("POST", "auth/\(mount)/users/ann", body)
        let file = try CredentialFile("wrong")
        let login = OpenBaoLogin.userpass(user: "ann", password: file.reference).at(mount).inline
        let resolver = try vault.resolver(path: "ai/{project}") {
            $0.token = nil
            $0.logins = [login]
        }
        func codes() async -> [KeyResolutionError.Code?] {
            await withTaskGroup { group in
                for number in 1...20 {
                    group.addTask { await resolver.failure("openai", scope: KeyScope(project: "p\(number)"))?.code }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(await codes() == Array(repeating: .unauthenticated, count: 20))
        let right = ["password": "right"]
        let reply = try await vault.admin.with(token: nil).call("POST", "auth/\(mount)/login/ann", right)
        #expect(reply.status == 200, "\(reply)")
        try file.write("right")
        vault.clock.advance(by: .seconds(2))
        #expect(await codes() == Array(repeating: nil, count: 20))
    }

    @Test("A refused one leads to the next login, where it may")
    func next() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role(["token_ttl": "600s"])
        let wrong = OpenBaoLogin.appRole(roleID: .literal("other"), secretID: .environment("TEST_SECRET_ID"))
            .at(role.method)
        let resolver = try vault.resolver([wrong.inline.next(.refused), role.login], environment: role.environment)
        for _ in 1...3 { #expect(try await resolver.value("openai") == "sk-1") }
        #expect(try vault.logins(of: role) == 2)
        let strict = try vault.resolver([wrong.inline, role.login], environment: role.environment)
        #expect(await strict.failure("openai")?.code == .unauthenticated)
    }

    @Test("The parameters are as OpenBao's own client writes them, and never beside a token")
    func headers() async throws {
        let vault = FaultyVault { _ in .secret("sk-1") }
        let resolver = try vault.resolver {
            $0.token = nil
            $0.logins = [.jwt(role: "r", token: .environment("TEST_SECRET_ID")).at("machines/jwt").inline]
        }
        #expect(try await resolver.value("openai") == "sk-1")
        let request = try #require(vault.transport.requests.first)
        #expect(request.method == "GET" && vault.transport.requests.count == 1)
        #expect(request.headers["X-Vault-Token"] == nil)
        #expect(request.headers["X-Vault-Inline-Auth-Path"] == "auth/machines/jwt/login")
        #expect(request.headers["X-Vault-Inline-Auth-Operation"] == "update")
        #expect(request.headers["X-Vault-Inline-Auth-Namespace"] == "/")
        let parameters = try (1...2)
            .map { index in
                let text = try #require(request.headers["X-Vault-Inline-Auth-Parameter-\(index)"])
                #expect(!text.contains { "+/=".contains($0) })
                let padded = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
                let whole = padded + String(repeating: "=", count: (4 - padded.count % 4) % 4)
                let data = try #require(Data(base64Encoded: whole))
                return try JSONDecoder().decode([String: String].self, from: data)
            }
        #expect(parameters == [["key": "role", "value": "r"], ["key": "jwt", "value": "leak-secret-id"]])
        #expect(!"\(request)".contains("leak-secret-id"))
    }
}
