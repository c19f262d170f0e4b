import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Odd replies to a login")
struct LeaseTests {
    /// A vault whose every login gets the same reply, and whose every read the same secret.
    private func vault(_ login: HTTPTransportResponse) -> FaultyVault {
        FaultyVault { $0.method == "POST" ? login : .secret("sk-1") }
    }

    private func logIn(_ configuration: inout OpenBaoConfiguration) {
        configuration.token = nil
        configuration.appRole = AppRoleCredentials(roleID: .literal("r"), secretID: .environment("TEST_SECRET_ID"))
    }

    private func logins(_ vault: FaultyVault) -> Int { vault.transport.requests.count { $0.method == "POST" } }

    /// Before the last third another login may begin in the background.
    @Test(
        "A token is used for nine tenths of its lease, and for an hour if nothing is said of it",
        arguments: Lease.all
    )
    func lease(_ lease: Lease) async throws {
        let vault = vault(HTTPTransportResponse(200, #"{"auth":{"client_token":"s.new"\#(lease.member)}}"#))
        let resolver = try vault.resolver {
            logIn(&$0)
            $0.settings.cache.timeToLive = .zero
        }
        #expect(try await resolver.value("openai") == "sk-1")
        vault.clock.advance(by: lease.kept * 0.69)
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(logins(vault) == 1)
        vault.clock.advance(by: lease.kept - lease.kept * 0.69)
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(logins(vault) == 2)
        #expect(vault.transport.requests.last?.headers["X-Vault-Token"] == "s.new")
    }

    @Test("A token that never ends is kept until it is refused")
    func forever() async throws {
        let vault = vault(HTTPTransportResponse(200, #"{"auth":{"client_token":"s.new","lease_duration":0}}"#))
        let resolver = try vault.resolver {
            logIn(&$0)
            $0.settings.cache.timeToLive = .zero
        }
        for _ in 1...5 {
            #expect(try await resolver.value("openai") == "sk-1")
            vault.clock.advance(by: .seconds(30 * 86_400))
        }
        #expect(logins(vault) == 1)
    }

    @Test(
        "A login that gives no token fails, and reads nothing",
        arguments: FaultyLogin.all,
        KeyFallback.allCases
    )
    func noToken(_ login: FaultyLogin, _ fallback: KeyFallback) async throws {
        let vault = vault(login.reply)
        try await vault.expect(login.code, fallback, logIn)
        #expect(!vault.transport.requests.contains { $0.method == "GET" })
        #expect(logins(vault) == login.requests)
    }

    @Test("Credentials that were refused are not tried because their file was written again; others are at once")
    func writtenAgain() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(unique("secret-id"))
        defer { try? FileManager.default.removeItem(at: file) }
        func write(_ text: String) throws { try Data(text.utf8).write(to: file, options: .atomic) }
        try write("refused")
        let vault = vault(HTTPTransportResponse(400, #"{"errors":["invalid role or secret ID"]}"#))
        let resolver = try vault.resolver {
            logIn(&$0)
            $0.appRole?.secretID = .file(file.path)
        }
        func fail() async {
            #expect(await resolver.failure("openai")?.code == .unauthenticated)
            vault.clock.advance(by: .seconds(2))
        }
        for _ in 1...20 {
            await fail()
            try write("refused")
        }
        // OpenBao locks a role after five.
        #expect(logins(vault) == 2)
        try write("other")
        await fail()
        #expect(logins(vault) == 3)
    }

    @Test("A login carries no token, and the credentials in its body alone")
    func request() async throws {
        let vault = vault(HTTPTransportResponse(200, #"{"auth":{"client_token":"s.new","lease_duration":60}}"#))
        _ = try await vault.resolver(logIn).value("openai")
        let login = try #require(vault.transport.requests.first)
        #expect(login.url == "https://bao.test:8200/v1/auth/approle/login")
        #expect(login.headers["X-Vault-Token"] == nil)
        #expect(login.body.map { String(decoding: $0, as: UTF8.self) }?.contains("leak-secret-id") == true)
        #expect(!"\(login.url)\(login.headers)\(login)".contains("leak-secret-id"))
    }

    @Test(
        "A 403 of unknown text costs one login and one more read",
        arguments: [#"{"errors":["no"]}"#, #"{"errors":[]}"#]
    )
    func unknownText(_ body: String) async throws {
        let count = Counter()
        let vault = FaultyVault { request in
            guard request.method == "POST" else { return HTTPTransportResponse(403, body) }
            return HTTPTransportResponse(200, #"{"auth":{"client_token":"s.\#(count.next())","lease_duration":60}}"#)
        }
        try await vault.expect(.denied, .unavailable, logIn)
        #expect(logins(vault) == 2)
        #expect(vault.transport.requests.count == 4)
    }
}

struct Lease: Sendable, CustomTestStringConvertible {
    /// What follows the token in the reply.
    let member: String
    let kept: Duration

    var testDescription: String { member }

    static let all = [
        Lease(member: #","lease_duration":100"#, kept: .seconds(90)),
        Lease(member: #","lease_duration":1e2"#, kept: .seconds(90)),
        Lease(member: #","lease_duration":4000"#, kept: .seconds(3600)),
        Lease(member: #","lease_duration":40000"#, kept: .seconds(36_000)),
        Lease(member: #","lease_duration":-1"#, kept: .seconds(3600)),
        Lease(member: #","lease_duration":"100""#, kept: .seconds(3600)),
        Lease(member: #","lease_duration":null"#, kept: .seconds(3600)),
        Lease(member: "", kept: .seconds(3600)),
        Lease(member: #","lease_duration":9223372036854775807"#, kept: .seconds(36_500 * 86_400)),
        Lease(member: #","lease_duration":99999999999999999999"#, kept: .seconds(3600)),
    ]
}

struct FaultyLogin: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let reply: HTTPTransportResponse
    let code: KeyResolutionError.Code
    let requests: Int

    init(
        _ name: String,
        _ status: Int,
        _ body: String,
        _ code: KeyResolutionError.Code = .unauthenticated,
        requests: Int = 1
    ) {
        testDescription = "\(status), \(name)"
        reply = HTTPTransportResponse(status, body)
        self.code = code
        self.requests = requests
    }

    static let all = [
        FaultyLogin("no auth", 200, #"{"auth":null}"#),
        FaultyLogin("a wrapped token", 200, #"{"auth":null,"wrap_info":{"token":"s.leak","ttl":60}}"#),
        FaultyLogin("a second factor asked for", 200, #"{"auth":{"client_token":"","mfa_requirement":{}}}"#),
        FaultyLogin("a token that is a number", 200, #"{"auth":{"client_token":7}}"#),
        // It would be a second header field.
        FaultyLogin("a token with a line break", 200, #"{"auth":{"client_token":"s.leak\r\nX-Leak: 1"}}"#),
        FaultyLogin("a wrong secret id", 400, #"{"errors":["invalid role or secret ID: leak"]}"#),
        FaultyLogin("no such method", 403, #"{"errors":["permission denied"]}"#),
        FaultyLogin("no such namespace", 404, #"{"errors":["namespace not found"]}"#),
        // Not OpenBao's word: what is kept is served meanwhile.
        FaultyLogin("a page", 200, FaultyReply.page, .unavailable),
        FaultyLogin("nothing", 204, "", .unavailable),
        FaultyLogin("a page", 404, FaultyReply.page, .unavailable),
        FaultyLogin("an error", 500, #"{"errors":["missing role_id"]}"#, .unavailable, requests: 3),
        FaultyLogin("sealed", 503, #"{"errors":["Vault is sealed"]}"#, .sealed),
        FaultyLogin("a quota", 429, #"{"errors":["rate limit quota exceeded"]}"#, .unavailable, requests: 3),
        FaultyLogin("a redirect", 307, FaultyReply.page, .unavailable),
    ]
}
