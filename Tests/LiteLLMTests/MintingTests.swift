import ExtensionHooks
import Foundation
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import LiteLLM

/// What becomes of a role at the real proxy.
@Suite(.timeLimit(.minutes(5))) struct MintingTests {
    @Test("What a role says is in the proxy's table", arguments: Wish.all)
    func row(_ wish: Wish) async throws {
        let proxy = try await wish.isLicensed ? Proxies.strict : LiteLLMProxy.shared
        try await withProxyUser(proxy) { user in
            var role = VirtualKeyRole()
            wish.change(&role)
            let resolver = try user.resolver(role)
            let key = try await resolver.requireAPIKey(service: "litellm", scope: wish.scope)
            let row = try #require(try await user.proxy.table(user.stem).first)
            let expected = try JSONParser.parse(Array(wish.row.replacing("ROLE", with: user.role).utf8))
            #expect(row.covers(expected), "\(wish.row)")
            #expect(row["token"]?.string == key.token)
            let body = try JSONParser.parse(Array(wish.body.utf8))
            let sent = try #require(try await user.bodies("/key/generate").first)
            #expect(sent.covers(body), "\(wish.body)")
            await resolver.shutdown()
        }
    }

    @Test func `A key says on it which role, mount, request and host it was made for`() async throws {
        try await withProxyUser { user in
            let scope = KeyScope(profile: "ci", project: "p", tenant: "acme", purpose: "batch")
            let resolver = try user.resolver { $0.role = user.role }
            let key = try await resolver.requireAPIKey(service: "litellm", scope: scope)
            let row = try #require(try await user.proxy.table(user.stem).first)
            let stamps = try #require(row["metadata"])
            for (name, value) in [
                ("role", user.role), ("mount", "litellm"), ("host", KeyOrder.host), ("profile", "ci"),
                ("project", "p"), ("tenant", "acme"), ("purpose", "batch"),
            ] {
                #expect(stamps["keyhooks_\(name)"]?.string == value, "\(name)")
            }
            let mark = try #require(stamps["keyhooks_request"]?.string)
            #expect(row["key_alias"]?.string == "\(user.stem)/ci/p/acme/batch-\(mark)")
            // The same name is in the journal, and the key's hash is its lease.
            #expect(user.written.map(\.mark) == [mark])
            #expect(key.provenance?.lease?.id == key.token && row["token"]?.string == key.token)
            await resolver.shutdown()
        }
    }

    @Test(
        "A duration is sent in seconds with their unit, and so long the key lasts",
        arguments: [(10.0, "10s"), (10.5, "11s"), (90, "90s"), (3600, "3600s"), (2_592_000, "2592000s")]
    )
    func duration(seconds: Double, text: String) async throws {
        try await withProxyUser { user in
            let order = VirtualKeyRole(duration: .seconds(seconds), maximum: .seconds(seconds))
            let resolver = try user.resolver(order)
            // What ends in a moment is not given out, and not left behind.
            if seconds == 1 {
                #expect(await resolver.failure() != nil)
                #expect(try await user.proxy.log(user.stem).first?["body"]?["duration"]?.string == text)
                try await user.pass("it was given back") { try await user.rows.isEmpty }
                return
            }
            let key = try await resolver.virtualKey()
            #expect(try await user.bodies("/key/generate").map { $0["duration"]?.string } == [text])
            let end = try #require(key.provenance?.lease?.endsAt)
            #expect(abs(end.timeIntervalSince(user.start) - seconds) < 5)
            await resolver.shutdown()
        }
    }

    @Test(
        "The proxy's strict pattern takes the name of a key, whatever the tenant is called",
        arguments: [
            "acme", "ä", "日本語", "e\u{301}", "..", ".", "a/../b", "....", " ", "a b", "-lead", "_lead", "/", "",
            "tab\tbed", "new\nline", "nul\u{0}", "\u{202E}", "'; DROP", "#?%", String(repeating: "x", count: 300),
            String(repeating: "é", count: 300), "a" + String(repeating: ".", count: 300),
        ]
    )
    func alias(tenant: String) async throws {
        try await withProxyUser(try await Proxies.strict) { user in
            let resolver = try user.resolver()
            let key = try await resolver.virtualKey(tenant)
            let row = try #require(try await user.rows.first)
            #expect(row.token == key.token)
            #expect(row.key_alias?.wholeMatch(of: #/[a-zA-Z0-9][a-zA-Z0-9_\-/.@]{0,253}[a-zA-Z0-9]/#) != nil)
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test func `A chat with a key works for its model, and is refused for another`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver(VirtualKeyRole(models: ["gpt-stand-in"]))
            let key = try await resolver.virtualKey().value
            #expect(try await user.proxy.chat(key: key, model: "gpt-stand-in") == 200)
            #expect(try await user.proxy.chat(key: key, model: "claude-stand-in") == 403)
            await resolver.shutdown()
            #expect(try await user.proxy.chat(key: key, model: "gpt-stand-in") == 401)
        }
    }

    @Test func `A scope that lacks what a name needs is refused, and nothing is made`() async throws {
        try await withProxyUser { user in
            var role = VirtualKeyRole()
            role.teamID = "team-{tenant}"
            let resolver = try user.resolver(role)
            let error = try #require(await resolver.failure())
            #expect(error.code == .invalidScope && error.message.contains("'teamID' of the role '\(user.role)'"))
            #expect(await resolver.failure("litellm", KeyScope(tenant: "a/b"))?.code == .invalidScope)
            #expect(try await user.rows.isEmpty)
        }
    }
}

/// What a role may say, and what the proxy then has of it.
struct Wish: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var isLicensed = false
    var scope = KeyScope()
    let change: @Sendable (inout VirtualKeyRole) -> Void

    /// What the proxy's row must have.
    var row = "{}"

    /// What must have been sent.
    var body = "{}"

    static let all = [
        Wish(
            testDescription: "models",
            change: { $0.models = ["gpt-stand-in", "small-stand-in"] },
            row: "{models: ['gpt-stand-in', 'small-stand-in']}"
        ),
        Wish(testDescription: "no models", change: { _ in }, row: "{models: [], max_budget: null, blocked: null}"),
        Wish(
            testDescription: "aliases",
            change: { $0.aliases = ["fast": "small-stand-in"] },
            row: "{aliases: {fast: 'small-stand-in'}}"
        ),
        Wish(
            testDescription: "a budget and its period",
            change: { ($0.maxBudget, $0.budgetDuration) = (2.5, "30d") },
            row: "{max_budget: 2.5, budget_duration: '30d'}"
        ),
        Wish(testDescription: "no money at all", change: { $0.maxBudget = 0 }, row: "{max_budget: 0}"),
        Wish(testDescription: "a soft budget", change: { $0.softBudget = 1.5 }, body: "{soft_budget: 1.5}"),
        Wish(
            testDescription: "limits of rates",
            change: { ($0.tpmLimit, $0.rpmLimit, $0.maxParallelRequests) = (1000, 10, 3) },
            row: "{tpm_limit: 1000, rpm_limit: 10, max_parallel_requests: 3}"
        ),
        Wish(
            testDescription: "metadata of any kind",
            change: { $0.metadata = ["cost-centre": 7, "owner": "ops", "flags": ["a", true]] },
            row: "{metadata: {'cost-centre': 7, owner: 'ops', flags: ['a', true], keyhooks_role: 'ROLE'}}"
        ),
        Wish(
            testDescription: "permissions",
            change: { $0.permissions = ["pii": false] },
            row: "{permissions: {pii: false}}"
        ),
        Wish(
            testDescription: "owners with parts of the scope",
            scope: KeyScope(project: "web", tenant: "acme"),
            change: { ($0.userID, $0.teamID) = ("{tenant}/{role}", "team-{project}") },
            row: "{user_id: 'acme/ROLE', team_id: 'team-web'}"
        ),
        Wish(
            testDescription: "the service in a name",
            change: { $0.userID = "for-{service}" },
            row: "{user_id: 'for-litellm_proxy', metadata: {keyhooks_service: 'litellm_proxy'}}"
        ),
        Wish(
            testDescription: "what has no setting of its own",
            change: {
                $0.request = [
                    "allowed_routes": ["/chat/completions"], "model_rpm_limit": ["gpt-stand-in": 5],
                ]
            },
            row:
                "{allowed_routes: ['/chat/completions'], metadata: {model_rpm_limit: {'gpt-stand-in': 5}}}"
        ),
        Wish(
            testDescription: "tags, with a licence",
            isLicensed: true,
            change: { $0.tags = ["batch"] },
            row: "{metadata: {tags: ['batch']}}",
            body: "{tags: ['batch']}"
        ),
        Wish(
            testDescription: "guardrails, with a licence",
            isLicensed: true,
            change: { $0.guardrails = ["pii"] },
            row: "{metadata: {guardrails: ['pii']}}"
        ),
    ]
}
