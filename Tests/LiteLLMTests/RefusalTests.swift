import ExtensionHooks
import HTTPTransport
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import LiteLLM

/// What can be wrong at the proxy: each has its own words, and a weaker key answers only for an outage.
@Suite(.timeLimit(.minutes(5))) struct RefusalTests {
    @Test("Errors of the proxy are told apart, and nothing is made", arguments: Trouble.all)
    func trouble(_ trouble: Trouble) async throws {
        try await withProxyUser(try await trouble.proxy()) { user in
            let admin = try await trouble.admin(user)
            var role = VirtualKeyRole()
            trouble.change(&role)
            for fallback in KeyFallback.allCases {
                let resolver = try user.resolver(
                    role,
                    admin: admin,
                    environment: ["LITELLM_API_KEY": "sk-weak-environment"],
                    transport: trouble.fake
                ) { configuration in
                    configuration.url = try trouble.url(configuration.url)
                    configuration.settings.fallback = fallback
                }
                let said: String
                if fallback == .unavailable, trouble.isOutage {
                    let key = try await resolver.virtualKey()
                    #expect(key.value == "sk-weak-environment")
                    let passed = try #require(key.provenance?.skippedSources.first { !$0.isAbsence })
                    #expect(passed.code == trouble.code, "\(passed)")
                    said = "\(passed.message); \(passed.remedy)"
                } else {
                    let error = try #require(await resolver.failure())
                    #expect(error.code == trouble.code, "\(error)")
                    #expect(error.remedy.contains(trouble.remedy), "\(error)")
                    var dumped = ""
                    dump(error, to: &dumped)
                    said = "\(error.description); \(String(reflecting: error)); \(dumped)"
                }
                #expect(said.contains(trouble.message), "\(said)")
                #expect(!said.contains("sk-") && !said.contains(admin) && !said.contains("leak"), "\(said)")
                #expect(try await user.rows.isEmpty)
                // What wasn't done isn't looked for.
                if !trouble.mayBeDone { try await until("nothing is written down") { user.written.isEmpty } }
            }
        }
    }

    @Test func `An organisation that is there is taken`() async throws {
        let proxy = try await Proxies.strict
        try await withProxyUser(proxy) { user in
            let name = unique("organisation")
            let body: [String: Any] = ["organization_id": name, "organization_alias": name, "models": [String]()]
            let reply = try await proxy.ask("organization/new", key: proxy.masterKey, body: body)
            #expect(reply.status == 200, "\(reply)")
            var role = VirtualKeyRole()
            role.organizationID = name
            let resolver = try user.resolver(role)
            _ = try await resolver.virtualKey()
            #expect(try await proxy.table(user.stem).map { $0["organization_id"]?.string } == [name])
            await resolver.shutdown()
        }
    }
}

/// Something that is wrong, and what is said of it.
struct Trouble: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: KeyResolutionError.Code
    var message = ""
    let remedy: String
    var proxy: @Sendable () async throws -> LiteLLMProxy = { try await LiteLLMProxy.shared }
    var admin: @Sendable (ProxyUser) async throws -> String = { $0.proxy.masterKey }
    var url: @Sendable (String) throws -> String = { $0 }
    var change: @Sendable (inout VirtualKeyRole) -> Void = { _ in }
    var fake: FakeTransport?
    var mayBeDone = false

    var isOutage: Bool { [.unavailable, .timedOut].contains(code) }

    /// The key of somebody who isn't an admin, without and with a user behind it.
    private static func virtualKey(_ user: ProxyUser, owner: String? = nil) async throws -> String {
        let body: [String: Any] = ["key_alias": unique("somebody"), "duration": "1h"]
        let whole = owner.map { body.merging(["user_id": $0]) { $1 } } ?? body
        return try await user.proxy.ask("key/generate", key: user.proxy.masterKey, body: whole).required("key")
    }

    static let all = admins + roles + servers + replies

    private static let admins = [
        Trouble(
            testDescription: "a wrong admin key",
            code: .unauthenticated,
            message: "doesn't accept the admin key",
            remedy: "'adminKey'",
            admin: { _ in "sk-leak-of-nobody" }
        ),
        Trouble(
            testDescription: "an admin key without sk-",
            code: .unauthenticated,
            message: "doesn't accept the admin key",
            remedy: "'adminKey'",
            admin: { _ in "leak-of-nobody" }
        ),
        Trouble(
            testDescription: "the key of nobody's",
            code: .denied,
            message: "may not do that",
            remedy: "'adminKey'",
            admin: { try await virtualKey($0) }
        ),
        Trouble(
            testDescription: "an admin key that has expired",
            code: .unauthenticated,
            message: "doesn't accept the admin key",
            remedy: "'adminKey'",
            admin: { user in
                let key = try await virtualKey(user)
                try await user.proxy.expire(VirtualKeys.hash(of: key))
                return key
            }
        ),
        Trouble(
            testDescription: "an admin key that is blocked",
            code: .unauthenticated,
            message: "doesn't accept the admin key",
            remedy: "'adminKey'",
            admin: { user in
                let key = try await virtualKey(user)
                _ = try await user.proxy.ask("key/block", key: user.proxy.masterKey, body: ["key": key])
                return key
            }
        ),
    ]

    private static let roles = [
        Trouble(
            testDescription: "a licence for tags",
            code: .invalidConfiguration,
            message: "no key was made",
            remedy: "'tags'",
            change: { $0.tags = ["leak"] }
        ),
        Trouble(
            testDescription: "a licence for guardrails",
            code: .invalidConfiguration,
            message: "needs a licence",
            remedy: "'guardrails'",
            change: { $0.guardrails = ["leak"] }
        ),
        Trouble(
            testDescription: "a licence for what the request has",
            code: .invalidConfiguration,
            message: "needs a licence",
            remedy: "licence",
            change: { $0.request = ["model_max_budget": ["m": ["budget_limit": 1, "time_period": "1d"]]] }
        ),
        Trouble(
            testDescription: "an organisation that isn't there",
            code: .invalidConfiguration,
            message: "no such organisation",
            remedy: "'organizationID'",
            change: { $0.organizationID = "leak" }
        ),
        Trouble(
            testDescription: "a member of the wrong type",
            code: .invalidConfiguration,
            message: "doesn't take 'key_type' as it is",
            remedy: "check the role",
            change: { $0.request = ["key_type": "leak"] }
        ),
        Trouble(
            testDescription: "a value of the wrong kind",
            code: .invalidConfiguration,
            message: "doesn't take 'tpd_limit'",
            remedy: "check the role",
            change: { $0.request = ["tpd_limit": "many"] }
        ),
        Trouble(
            testDescription: "more than the proxy allows",
            code: .invalidConfiguration,
            message: "'duration' in the role is more than it allows",
            remedy: "upperbound_key_generate_params",
            proxy: { try await Proxies.strict },
            change: { ($0.duration, $0.maximum) = (.seconds(7201), .seconds(7201)) }
        ),
    ]

    private static let servers = [
        Trouble(
            testDescription: "no database",
            code: .invalidConfiguration,
            message: "no database",
            remedy: "DATABASE_URL",
            proxy: { try await Proxies.withoutDatabase }
        ),
        Trouble(
            testDescription: "no database, and a wrong admin key",
            code: .invalidConfiguration,
            message: "no database",
            remedy: "DATABASE_URL",
            proxy: { try await Proxies.withoutDatabase },
            admin: { _ in "sk-leak-of-nobody" }
        ),
        Trouble(
            testDescription: "nobody listens",
            code: .unavailable,
            message: "can't be reached",
            remedy: "'url'",
            url: { _ in "http://127.0.0.1:\(try freePort())" }
        ),
        Trouble(
            testDescription: "https where http is spoken",
            code: .insecure,
            message: "can't be asked by https",
            remedy: "write http:// in 'url'",
            url: { $0.replacing("http:", with: "https:") }
        ),
        Trouble(
            testDescription: "a path that the proxy doesn't have",
            code: .invalidConfiguration,
            message: "has no such path",
            remedy: "'url'",
            url: { $0 + "/somewhere" }
        ),
    ]

    /// What the real proxy wasn't made to answer here.
    private static let replies = [
        Trouble(
            testDescription: "a page",
            code: .unavailable,
            message: "no answer to making a key",
            remedy: "'url'",
            fake: FakeTransport(200, "<html>leak sk-leak</html>", ["content-type": "text/html"]),
            mayBeDone: true
        ),
        Trouble(
            testDescription: "another JSON service",
            code: .unavailable,
            message: "has no new key in it",
            remedy: "does a LiteLLM proxy answer there?",
            fake: FakeTransport(200, #"{"leak": "sk-leak"}"#),
            mayBeDone: true
        ),
        Trouble(
            testDescription: "a page that refuses",
            code: .denied,
            message: "not in LiteLLM's words (403)",
            remedy: "'url'",
            fake: FakeTransport(403, "<html>leak</html>")
        ),
        Trouble(
            testDescription: "a page that wants a login",
            code: .unauthenticated,
            message: "not in LiteLLM's words (401)",
            remedy: "'url'",
            fake: FakeTransport(401, "<html>leak</html>")
        ),
        Trouble(
            testDescription: "the admin key as the new one",
            code: .unavailable,
            message: "has no new key in it",
            remedy: "does a LiteLLM proxy answer there?",
            fake: FakeTransport { request in
                let key = request.headers["Authorization"]?.dropFirst("Bearer ".count) ?? ""
                return HTTPTransportResponse(status: 200, body: Array(#"{"key": "\#(key)"}"#.utf8))
            },
            mayBeDone: true
        ),
        Trouble(
            testDescription: "a redirect",
            code: .unavailable,
            message: "the admin key is sent to no other server",
            remedy: "'url'",
            fake: FakeTransport(301, "", ["location": "https://leak.example/"])
        ),
        Trouble(
            testDescription: "too many requests",
            code: .unavailable,
            message: "limits the rate",
            remedy: "try again later",
            fake: FakeTransport(429, #"{"error":{"message":"leak","type":"throttling_error","code":"429"}}"#)
        ),
        Trouble(
            testDescription: "a validation error",
            code: .invalidConfiguration,
            message: "doesn't take 'models' as it is",
            remedy: "check the role",
            change: { $0.models = ["m"] },
            fake: FakeTransport(422, #"{"detail":[{"type":"leak","loc":["body","models"],"msg":"sk-leak"}]}"#)
        ),
        Trouble(
            testDescription: "a validation error of something that wasn't sent",
            code: .invalidConfiguration,
            message: "doesn't take the request as it is",
            remedy: "check the role",
            fake: FakeTransport(422, #"{"detail":[{"type":"x","loc":["body","leak"],"msg":"sk-leak"}]}"#)
        ),
        Trouble(
            testDescription: "a spent budget, as 422",
            code: .denied,
            message: "budget of the admin key is spent",
            remedy: "'adminKey'",
            fake: FakeTransport(
                422,
                #"{"error":{"message":"Budget has been exceeded! leak","type":"budget_exceeded"}}"#
            )
        ),
        Trouble(
            testDescription: "a spent budget, as 429",
            code: .denied,
            message: "budget of the admin key is spent",
            remedy: "'adminKey'",
            fake: FakeTransport(429, #"{"error":{"message":"leak","type":"budget_exceeded","param":"sk-leak"}}"#)
        ),
        Trouble(
            testDescription: "a team that isn't there",
            code: .invalidConfiguration,
            message: "no such team",
            remedy: "'teamID'",
            fake: FakeTransport(
                404,
                #"{"error":{"message":"Team not found, team_id=leak","param":"sk-leak","code":"404"}}"#
            )
        ),
        Trouble(
            testDescription: "a key in the words of an error",
            code: .unavailable,
            message: "fails at making a key",
            remedy: "log",
            fake: FakeTransport(500, #"{"error":{"message":"sk-leak","type":"sk-leak","param":"sk-leak"}}"#),
            mayBeDone: true
        ),
    ]
}
