import HTTPTransport
import KeyHooks
import OpenBao
import Synchronization
import Testing

@Suite("Being sent elsewhere")
struct RedirectTests {
    private static let standby = "https://bao.test:8200"
    private static let leader = "https://leader.test:8200"
    private static let path = "/v1/secret/data/ai/providers"
    private static let statuses = [301, 302, 307, 308]

    @Test("A redirect to a server that is configured is followed, with token and namespace", arguments: statuses)
    func followed(_ status: Int) async throws {
        let vault = FaultyVault { request in
            guard request.url.hasPrefix(Self.standby) else { return .secret("sk-leader") }
            return HTTPTransportResponse(status, headers: ["Location": Self.leader + Self.path])
        }
        let resolver = try vault.resolver {
            $0.addresses = [Self.standby, Self.leader]
            $0.namespace = "team"
        }
        #expect(try await resolver.value("openai") == "sk-leader")
        #expect(vault.transport.urls == [Self.standby + Self.path, Self.leader + Self.path])
        for request in vault.transport.requests {
            #expect(request.method == "GET")
            #expect(request.headers["X-Vault-Token"] == "s.leak-token")
            #expect(request.headers["X-Vault-Namespace"] == "team")
        }
    }

    @Test("A login that is redirected keeps method and body")
    func login() async throws {
        let vault = FaultyVault { request in
            if request.method == "GET" { return .secret("sk-1") }
            guard request.url.hasPrefix(Self.standby) else {
                return HTTPTransportResponse(200, #"{"auth":{"client_token":"s.new","lease_duration":60}}"#)
            }
            return HTTPTransportResponse(307, headers: ["Location": Self.leader + "/v1/auth/approle/login"])
        }
        let resolver = try vault.resolver {
            $0.addresses = [Self.standby, Self.leader]
            $0.token = nil
            $0.appRole = AppRoleCredentials(roleID: .literal("r"), secretID: .environment("TEST_SECRET_ID"))
        }
        #expect(try await resolver.value("openai") == "sk-1")
        let logins = vault.transport.requests.filter { $0.method == "POST" }
        #expect(logins.count == 2)
        #expect(logins.first?.body == logins.last?.body)
    }

    @Test(
        "No other server is asked, and none gets the token",
        arguments: [
            "https://elsewhere.test:8200\(path)", "https://bao.test:8201\(path)", "https://bao.test\(path)",
            "http://bao.test:8200\(path)", "//elsewhere.test:8200\(path)", "", "?", "https://", "file:///etc/x",
            "https://bao.test:8200@elsewhere.test\(path)", "https://bao.test:8200\\@elsewhere.test\(path)",
            "https://bao.test.elsewhere.test:8200\(path)", "https://elsewhere.test\\.bao.test:8200\(path)",
            "https://elsewhere.test#@bao.test:8200\(path)", "https://elsewhere.test?@bao.test:8200\(path)",
            "\r\nhttps://bao.test:8200\(path)",
        ],
        KeyFallback.allCases
    )
    func elsewhere(_ location: String, _ fallback: KeyFallback) async throws {
        let vault = FaultyVault { _ in
            HTTPTransportResponse(307, "<a href='sk-leak'>", headers: ["Location": location])
        }
        let said = try await vault.expect(.unavailable, fallback)
        #expect(said.remedy.contains("'address'"))
        #expect(vault.transport.urls == [Self.standby + Self.path])
    }

    /// With the token, `GET /sys/seal` seals a server.
    @Test(
        "A redirect to one of the servers that asks for something else is refused, and says why",
        arguments: [
            "/v1/sys/seal", "/v1/secret/data/ai/other", "/v1/secret/data/ai/providers?version=1", "",
            "/v1/secret/data/ai/providers/", "/v1//secret/data/ai/providers", "/v1/secret/data/ai/%70roviders",
            "/v1/secret/data/../data/ai/providers", "/v1/secret/data/ai/providers#x", "/V1/secret/data/ai/providers",
        ],
        ["https://bao.test:8200", "https://leader.test:8200", "https://gate.test/bao", "HTTPS://LEADER.TEST:8200"]
    )
    func otherPath(_ path: String, _ server: String) async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(307, headers: ["Location": server + path]) }
        let said = try await vault.expect(.unavailable) {
            $0.addresses = [Self.standby, Self.leader, "https://gate.test/bao"]
        }
        #expect(vault.transport.urls == [Self.standby + Self.path])
        #expect(said.message.contains("redirects a request to another path"), "\(said)")
    }

    @Test(
        "Of servers below a path, the path is theirs",
        arguments: ["https://gate.test/bao", "https://gate.test:443/bao"]
    )
    func gateway(_ location: String) async throws {
        let vault = FaultyVault { request in
            guard request.url.hasPrefix(Self.standby) else { return .secret("sk-gate") }
            return HTTPTransportResponse(308, headers: ["Location": location + Self.path])
        }
        let resolver = try vault.resolver { $0.addresses = [Self.standby, "https://gate.test/bao/"] }
        #expect(try await resolver.value("openai") == "sk-gate")
        // As it is configured, and not as the server wrote it.
        #expect(vault.transport.urls == [Self.standby + Self.path, "https://gate.test/bao" + Self.path])
    }

    @Test("A redirect that steps down from TLS is not followed, even to a server that is configured")
    func downgrade() async throws {
        let plain = "http://bao.test:8200"
        let vault = FaultyVault { request in
            #expect(request.url.hasPrefix("https:"))
            return HTTPTransportResponse(307, headers: ["Location": plain + Self.path])
        }
        try await vault.expect(.unavailable) { $0.addresses = [Self.standby, plain] }
        #expect(vault.transport.urls == [Self.standby + Self.path])
    }

    @Test("A loop ends after one step", arguments: statuses)
    func loop(_ status: Int) async throws {
        let vault = FaultyVault { _ in
            HTTPTransportResponse(status, headers: ["Location": Self.standby + Self.path])
        }
        try await vault.expect(.unavailable)
        #expect(vault.transport.requests.count == 2)
    }

    @Test(
        "A redirect without a place to go to, or of another kind, is a failure",
        arguments: [300, 301, 303, 304, 399]
    )
    func kinds(_ status: Int) async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(status) }
        try await vault.expect(.unavailable)
        #expect(vault.transport.requests.count == 1)
    }

    @Test("A redirect without a host leads back to the same server, and is followed once")
    func relative() async throws {
        let asked = Mutex(0)
        let balancer = FaultyVault { _ in
            let number = asked.withLock {
                $0 += 1
                return $0
            }
            return number == 1 ? HTTPTransportResponse(307, headers: ["Location": Self.path]) : .secret("sk-1")
        }
        #expect(try await balancer.resolver().value("openai") == "sk-1")
        #expect(balancer.transport.urls == [Self.standby + Self.path, Self.standby + Self.path])
    }

    @Test("A server that keeps sending reads back to itself is named", arguments: [path, standby + path])
    func toItself(_ location: String) async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(307, headers: ["Location": location]) }
        let said = try await vault.expect(.unavailable)
        #expect(
            said.message == "OpenBao at \(Self.standby) redirects reads of secret/ai/providers to itself",
            "\(said)"
        )
        #expect(vault.transport.requests.count == 2)
    }

    @Test("A redirect without a host to another path is refused", arguments: ["/v1/sys/seal", "/ui/", "other", "?x"])
    func relativeElsewhere(_ location: String) async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(307, headers: ["Location": location]) }
        let said = try await vault.expect(.unavailable)
        #expect(said.message.contains("redirects a request to another path"), "\(said)")
        #expect(vault.transport.urls == [Self.standby + Self.path])
    }

    @Test("The server that a redirect leads to is named where it is none of ours")
    func named() async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(307, headers: ["Location": Self.leader + Self.path]) }
        let said = try await vault.expect(.unavailable)
        #expect(said.message.hasSuffix("to a server that is not configured (\(Self.leader))"), "\(said)")
    }

    @Test(
        "Whom anybody between may have named is neither shown nor advised",
        arguments: [
            ("http://bao.test:8200", "https://lure.test:8200"), ("http://bao.test:8200", "http://lure.test:8200"),
            ("https://bao.test:8200", "http://lure.test:8200"),
        ]
    )
    func lure(_ server: String, _ lure: String) async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(307, headers: ["Location": lure + Self.path]) }
        let said = try await vault.expect(.unavailable) { $0.addresses = [server] }
        #expect(said.message.hasSuffix("to a server that is not configured"), "\(said)")
        #expect(said.remedy.hasPrefix("check 'address'") && !"\(said)".contains("lure"), "\(said)")
        let standby = FaultyVault { request in
            guard request.url.hasSuffix("/sys/leader") else { return HTTPTransportResponse(473) }
            return HTTPTransportResponse(200, #"{"is_self":false,"leader_address":"\#(lure)"}"#)
        }
        let unled = try await standby.expect(.unavailable) { $0.addresses = [server] }
        #expect(unled.remedy == "add the active server to 'address'" && !"\(unled)".contains("lure"), "\(unled)")
    }

    @Test("A redirect to a leader that is dead leaves the next server to answer")
    func deadLeader() async throws {
        let other = "https://other.test:8200"
        let vault = FaultyVault { request in
            if request.url.hasPrefix(other) { return .secret("sk-other") }
            if request.url.hasPrefix(Self.leader) { throw HTTPTransportError(.cannotConnect) }
            return HTTPTransportResponse(307, headers: ["Location": Self.leader + Self.path])
        }
        let resolver = try vault.resolver { $0.addresses = [Self.standby, other, Self.leader] }
        #expect(try await resolver.value("openai") == "sk-other")
    }
}
