import HTTPTransport
import KeyHooks
import OpenBao
import Testing

@Suite("Several servers")
struct AddressesTests {
    private static let addresses = ["https://a.test", "https://b.test", "https://c.test"]
    private static let sealed = HTTPTransportResponse(503, #"{"errors":["Vault is sealed"]}"#)

    /// What each server does, by the first letter of its name.
    private func vault(_ answers: [Character: Result<HTTPTransportResponse, HTTPTransportError>]) -> FaultyVault {
        FaultyVault { request in
            let name = request.url.dropFirst("https://".count).first ?? "?"
            return try answers[name]?.get() ?? .secret("sk-\(name)")
        }
    }

    private func asked(_ vault: FaultyVault) -> String {
        String(vault.transport.urls.compactMap { $0.dropFirst("https://".count).first })
    }

    @Test(
        "The next server is asked when one has no answer of its own, and is asked first from then on",
        arguments: [
            .failure(HTTPTransportError(.cannotConnect)), .failure(HTTPTransportError(.timedOut)),
            .failure(HTTPTransportError(.insecure)), .failure(HTTPTransportError(.connectionLost)),
            .failure(HTTPTransportError(.answerTooLarge)), .failure(HTTPTransportError(.expiredCertificate)),
            .success(sealed), .success(HTTPTransportResponse(500)), .success(HTTPTransportResponse(472)),
            .success(HTTPTransportResponse(502, FaultyReply.page)), .success(HTTPTransportResponse(501)),
            .success(HTTPTransportResponse(403, FaultyReply.page)), .success(HTTPTransportResponse(200, "")),
            .success(HTTPTransportResponse(404, FaultyReply.page)), .success(HTTPTransportResponse(307)),
            .success(HTTPTransportResponse(500, FaultyReply.leaderless)),
        ] as [Result<HTTPTransportResponse, HTTPTransportError>]
    )
    func next(_ first: Result<HTTPTransportResponse, HTTPTransportError>) async throws {
        let vault = vault(["a": first])
        let resolver = try vault.resolver { $0.addresses = Self.addresses }
        #expect(try await resolver.value("openai") == "sk-b")
        #expect(asked(vault) == "ab")
        #expect(vault.clock.waits == [])

        resolver.invalidateAll()
        #expect(try await resolver.value("openai") == "sk-b")
        #expect(asked(vault) == "abb")
    }

    @Test("An answer of OpenBao's own is final, whatever the next server would say", arguments: [400, 401, 403])
    func final(_ status: Int) async throws {
        let vault = vault(["a": .success(HTTPTransportResponse(status, #"{"errors":["no"]}"#))])
        let error = try await vault.resolver { $0.addresses = Self.addresses }.failure("openai")
        #expect(error != nil)
        #expect(asked(vault) == "a")
    }

    @Test("An absence is final too")
    func absence() async throws {
        let vault = FaultyVault { request in
            request.url.contains("/sys/") ? FaultyReply.mayNotAsk : HTTPTransportResponse(404, #"{"errors":[]}"#)
        }
        #expect(try await vault.resolver { $0.addresses = Self.addresses }.value("openai") == "sk-environment")
        #expect(!asked(vault).contains("b"))
    }

    @Test("All dead is the first one's failure", arguments: KeyFallback.allCases)
    func allDead(_ fallback: KeyFallback) async throws {
        let vault = vault([
            "a": .failure(HTTPTransportError(.insecure)),
            "b": .failure(HTTPTransportError(.cannotConnect)),
            "c": .failure(HTTPTransportError(.timedOut)),
        ])
        // Or whoever sits in between could let a weaker source answer by silencing the others.
        let said = try await vault.expect(.insecure, fallback) { $0.addresses = Self.addresses }
        #expect(said.message.contains("TLS"))
        #expect(asked(vault) == "abc")
    }

    @Test(
        "After a fault of TLS no server behind it gets the token in clear, in this read and in the next ones",
        arguments: ["http://b.test", "http://127.0.0.1:1"],
        [.untrustedCertificate, .wrongHost, .insecure, .plainHTTP, .expiredCertificate] as [HTTPTransportError.Code]
    )
    func stepDown(_ plain: String, _ code: HTTPTransportError.Code) async throws {
        let vault = FaultyVault { request in
            if request.url.hasPrefix("https:") { throw HTTPTransportError(code) }
            return .secret("sk-clear")
        }
        let resolver = try vault.resolver { $0.addresses = ["https://a.test", plain] }
        for _ in 1...3 {
            #expect(await resolver.failure("openai")?.code == .insecure)
            resolver.invalidateAll()
        }
        #expect(vault.transport.urls.allSatisfy { $0.hasPrefix("https:") }, "\(vault.transport.urls)")
    }

    @Test("Nor does a login go there")
    func stepDownOfLogin() async throws {
        let vault = FaultyVault { request in
            if request.url.hasPrefix("https:") { throw HTTPTransportError(.untrustedCertificate) }
            if request.url.contains("/sys/") {
                return HTTPTransportResponse(200, #"{"initialized":true,"sealed":false,"standby":false}"#)
            }
            return .secret("sk-clear")
        }
        try await vault.expect(.insecure, .unavailable) {
            $0.addresses = ["https://a.test", "http://b.test"]
            $0.token = nil
            $0.appRole = AppRoleCredentials(roleID: .literal("r"), secretID: .environment("TEST_SECRET_ID"))
        }
        #expect(vault.transport.requests.allSatisfy { $0.method == "GET" || $0.url.hasPrefix("https:") })
    }

    @Test("A server without TLS that comes first is asked, whatever becomes of those behind it")
    func plainFirst() async throws {
        let count = Counter()
        let vault = FaultyVault { request in
            if request.url.hasPrefix("https:") { throw HTTPTransportError(.untrustedCertificate) }
            if count.next() == 1 { throw HTTPTransportError(.cannotConnect) }
            return .secret("sk-agent")
        }
        let resolver = try vault.resolver { $0.addresses = ["http://127.0.0.1:1", "https://b.test"] }
        #expect(await resolver.failure("openai")?.code == .insecure)
        resolver.invalidateAll()
        #expect(try await resolver.value("openai") == "sk-agent")
    }

    @Test("A setting that can't be obeyed is final for all servers")
    func settings() async throws {
        let vault = vault(["a": .failure(HTTPTransportError(.invalidSettings))])
        let resolver = try vault.resolver { $0.addresses = Self.addresses }
        for _ in 1...2 {
            #expect(await resolver.failure("openai")?.code == .invalidConfiguration)
            resolver.invalidateAll()
        }
        #expect(asked(vault).allSatisfy { $0 == "a" })
    }

    @Test("A server that is named twice is one")
    func twice() async throws {
        let vault = FaultyVault { _ in throw HTTPTransportError(.cannotConnect) }
        let said = try await vault.expect(.unavailable) { $0.addresses = ["https://a.test", "https://a.test/"] }
        #expect(!said.message.contains("the other address"), "\(said.message)")
    }

    @Test("All away is said of the first one, with how many others there are")
    func allAway() async throws {
        let vault = FaultyVault { _ in throw HTTPTransportError(.cannotConnect) }
        let said = try await vault.expect(.unavailable) { $0.addresses = Self.addresses }
        #expect(said.message.contains("https://a.test can't be reached"), "\(said.message)")
        #expect(said.message.contains("nor did 2 other addresses answer"), "\(said.message)")
    }

    @Test("A server that replies says more than one that is dead", arguments: KeyFallback.allCases)
    func sealedAndDead(_ fallback: KeyFallback) async throws {
        let vault = vault([
            "a": .failure(HTTPTransportError(.cannotConnect)),
            "b": .success(Self.sealed),
            "c": .failure(HTTPTransportError(.cannotConnect)),
        ])
        try await vault.expect(.sealed, fallback) { $0.addresses = Self.addresses }
        #expect(asked(vault) == "abc")
    }

    @Test("Beside one that hangs the next is asked after a moment, and first from then on")
    func hanging() async throws {
        let vault = FaultyVault(hurries: 1) { request in
            if request.url.hasPrefix("https://a.test") { try await FakeTransport.hang() }
            return .secret("sk-b")
        }
        let resolver = try vault.resolver { $0.addresses = Self.addresses }
        #expect(try await resolver.value("openai") == "sk-b")
        #expect(vault.clock.waits == [.milliseconds(200)])
        #expect(asked(vault) == "ab")
        resolver.invalidateAll()
        #expect(try await resolver.value("openai") == "sk-b")
        #expect(asked(vault) == "abb")
    }

    @Test("Of servers in good health one is asked, each time the first")
    func one() async throws {
        let vault = vault([:])
        let resolver = try vault.resolver { $0.addresses = Self.addresses }
        for _ in 1...3 {
            #expect(try await resolver.value("openai") == "sk-a")
            resolver.invalidateAll()
        }
        #expect(asked(vault) == "aaa")
    }

    @Test("A login is sent to one server at a time, and to one that is alive")
    func login() async throws {
        let vault = FaultyVault { request in
            if request.url.hasPrefix("https://a.test") { throw HTTPTransportError(.cannotConnect) }
            if request.url.contains("/sys/health") {
                return HTTPTransportResponse(200, #"{"initialized":true,"sealed":false,"standby":false}"#)
            }
            if request.method == "POST" {
                return HTTPTransportResponse(200, #"{"auth":{"client_token":"s.new","lease_duration":60}}"#)
            }
            return .secret("sk-b")
        }
        let resolver = try vault.resolver {
            $0.addresses = Self.addresses
            $0.token = nil
            $0.appRole = AppRoleCredentials(roleID: .literal("r"), secretID: .environment("TEST_SECRET_ID"))
        }
        #expect(try await resolver.value("openai") == "sk-b")
        let logins = vault.transport.requests.filter { $0.method == "POST" }.map(\.url)
        #expect(logins == ["https://b.test/v1/auth/approle/login"])
        let others = vault.transport.requests.filter { $0.url.contains("/sys/") }
        #expect(others.allSatisfy { $0.headers["X-Vault-Token"] == nil && $0.body == nil })
    }

    @Test("A standby that does not answer names the active server", arguments: [472, 473, 500])
    func standby(_ status: Int) async throws {
        let vault = FaultyVault { request in
            if request.url.hasSuffix("/sys/leader") {
                return HTTPTransportResponse(200, #"{"is_self":false,"leader_address":"https://c.test:8200/hvs.leak"}"#)
            }
            return HTTPTransportResponse(status, status == 500 ? FaultyReply.leaderless : "")
        }
        let said = try await vault.expect(.unavailable)
        #expect(said.message.contains("the active server is https://c.test:8200/…"), "\(said.message)")
        #expect(said.remedy.contains("'address'"))
    }

    @Test("An address with a path keeps it, with or without a slash at its end")
    func prefix() async throws {
        for address in ["https://gate.test/bao", "https://gate.test/bao//"] {
            let vault = FaultyVault { _ in .secret("sk-1") }
            #expect(try await vault.resolver { $0.addresses = [address] }.value("openai") == "sk-1")
            #expect(vault.transport.urls == ["https://gate.test/bao/v1/secret/data/ai/providers"])
        }
    }
}
