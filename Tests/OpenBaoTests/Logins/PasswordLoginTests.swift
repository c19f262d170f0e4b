import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Logging in by a password")
struct PasswordLoginTests {
    private static let environment = ["TEST_PASSWORD": "right"]

    private func user(_ vault: Vault) async throws -> (mount: String, login: OpenBaoLogin) {
        let mount = try await vault.admin.enable("userpass")
        let body = ["password": "right", "token_policies": try await vault.reading]
        try await vault.admin.expect("POST", "auth/\(mount)/users/ann", body)
        return (mount, OpenBaoLogin.userpass(user: "ann", password: .environment("TEST_PASSWORD")).at(mount))
    }

    @Test("A user logs in with a password")
    func userpass() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let (mount, login) = try await user(vault)
        let resolver = try vault.resolver([login], environment: Self.environment)
        #expect(try await resolver.value("openai") == "sk-1")
        let requests = try vault.server.requests(pathContaining: "auth/\(mount)/login")
        #expect(requests.map(\.path) == ["auth/\(mount)/login/ann"])
    }

    @Test("A wrong password is tried twice and then not for twenty minutes, so that the user isn't locked")
    func lockOut() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let (mount, login) = try await user(vault)
        let file = try CredentialFile("wrong")
        let wrong = OpenBaoLogin.userpass(user: "ann", password: file.reference).at(mount)
        let resolver = try vault.resolver([wrong])
        for _ in 1...50 {
            #expect(await resolver.failure("openai")?.code == .unauthenticated)
            // Written again and still the same.
            try file.write("wrong")
            vault.clock.advance(by: .seconds(20))
        }
        #expect(try vault.logins(at: mount) == 2)
        // Whoever has the right one isn't locked out by us.
        let other = try vault.resolver([login], environment: Self.environment)
        #expect(try await other.value("openai") == "sk-1")
        vault.clock.advance(by: .seconds(240))
        #expect(await resolver.failure("openai")?.code == .unauthenticated)
        #expect(try vault.logins(at: mount) == 4)
        try file.write("right")
        vault.clock.advance(by: .seconds(2))
        #expect(try await resolver.value("openai") == "sk-1")
    }

    @Test("Sections with the same user share what was refused, and so does a configuration that is read again")
    func shared() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let (mount, login) = try await user(vault)
        let wrong = ["TEST_PASSWORD": "wrong"]
        let resolvers = try (1...5).map { _ in try vault.resolver([login], environment: wrong) }
        await withTaskGroup { group in
            for resolver in resolvers {
                group.addTask { #expect(await resolver.failure("openai")?.code == .unauthenticated) }
            }
        }
        #expect(await (try vault.resolver([login], environment: wrong)).failure("openai")?.code == .unauthenticated)
        #expect(try vault.logins(at: mount) == 2)
    }

    @Test("However many passwords are wrong, no more than four are tried in twenty minutes")
    func passwords() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let (mount, _) = try await user(vault)
        let file = try CredentialFile("wrong")
        let resolver = try vault.resolver([.userpass(user: "ann", password: file.reference).at(mount)])
        for number in 1...8 {
            try file.write("wrong\(number)")
            vault.clock.advance(by: .seconds(10))
            #expect(await resolver.failure("openai")?.code == .unauthenticated)
        }
        #expect(try vault.logins(at: mount) == 4)
        try file.write("right")
        vault.clock.advance(by: .seconds(2))
        #expect(await resolver.failure("openai")?.message.contains("no other is tried") == true)
        vault.clock.advance(by: .seconds(1200))
        #expect(try await resolver.value("openai") == "sk-1")
    }

    /// A fake, which counts what a real server's log has of all tests at once.
    @Test("A login that gives no token, since it asks for a second factor, isn't tried again and again")
    func secondFactor() async throws {
        let vault = FaultyVault { _ in
            HTTPTransportResponse(200, #"{"auth":{"client_token":"","mfa_requirement":{"mfa_request_id":"1"}}}"#)
        }
        let resolver = try vault.resolver {
            $0.token = nil
            $0.logins = [.userpass(user: "ann", password: .environment("TEST_SECRET_ID"))]
        }
        for _ in 1...60 {
            let error = await resolver.failure("openai")
            #expect(error?.code == .unauthenticated && error?.remedy.contains("second factor") == true)
            vault.clock.advance(by: .seconds(2))
        }
        #expect(vault.transport.requests.count == 2)
    }

    @Test("A user who is locked already is left alone")
    func locked() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let (mount, login) = try await user(vault)
        for _ in 1...6 {
            try await vault.admin.with(token: nil).call("POST", "auth/\(mount)/login/ann", ["password": "wrong"])
        }
        let resolver = try vault.resolver([login], environment: Self.environment)
        for _ in 1...20 {
            let error = await resolver.failure("openai")
            #expect(error?.code == .unauthenticated)
            #expect(error?.remedy.contains("locked") == true)
            vault.clock.advance(by: .seconds(30))
        }
        #expect(try vault.logins(at: mount) == 8)
    }

    /// A fake: there is no directory here that a real server could ask.
    @Test("LDAP is the same at another mount")
    func ldap() async throws {
        let vault = FaultyVault { request in
            guard request.method == "POST" else { return .secret("sk-1") }
            return HTTPTransportResponse(200, #"{"auth":{"client_token":"s.new","lease_duration":60}}"#)
        }
        let resolver = try vault.resolver {
            $0.token = nil
            $0.logins = [.ldap(user: "ann@example.org", password: .environment("TEST_SECRET_ID"))]
        }
        #expect(try await resolver.value("openai") == "sk-1")
        let login = try #require(vault.transport.requests.first)
        #expect(login.url.hasSuffix("/v1/auth/ldap/login/ann%40example.org"))
        #expect(login.body.map { String(decoding: $0, as: UTF8.self) } == #"{"password":"leak-secret-id"}"#)
    }
}
