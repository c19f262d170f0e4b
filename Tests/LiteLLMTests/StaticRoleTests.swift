import ExtensionHooks
import Foundation
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import LiteLLM

/// Roles with one key for all processes.
@Suite(.timeLimit(.minutes(5))) struct StaticRoleTests {
    private static let day = Duration.seconds(86_400)

    /// An hour after a period began, so that none ends while a test runs.
    private func withStaticUser(
        _ proxy: LiteLLMProxy? = nil,
        _ body: (ProxyUser, VirtualKeyRole) async throws -> Void
    ) async throws {
        try await withProxyUser(proxy) { user in
            var user = user
            let today = (Date().timeIntervalSince1970 / 86_400).rounded(.down) * 86_400
            user.start = Date(timeIntervalSince1970: today + 3_600)
            var role = VirtualKeyRole(models: ["gpt-stand-in"])
            role.staticPeriod = Self.day
            try await body(user, role)
        }
    }

    @Test func `Two processes have the same key, of which no file has anything, and no shutdown takes it`() async throws
    {
        try await withStaticUser { user, role in
            let (one, other) = (try user.resolver(role), try user.resolver(role))
            let key = try await one.virtualKey()
            #expect(try await other.virtualKey().value == key.value)
            #expect(try await user.requests("/key/generate").count == 1)
            #expect(try await user.rows.map(\.token) == [key.token])
            #expect(key.value.wholeMatch(of: #/sk-[0-9a-f]{64}/#) != nil)
            #expect(key.provenance?.lease == nil && !one.release(key))
            #expect(try await user.proxy.chat(key: key.value, model: "gpt-stand-in") == 200)
            // Until the period is over, and a tenth of it.
            #expect(try await user.bodies("/key/generate").first?["duration"]?.string == "91440s")
            await one.shutdown()
            #expect(try await user.rows.count == 1)
            #expect(!user.filed.contains(key.value) && !user.filed.contains(key.token))
        }
    }

    @Test func `Processes that make it at the same time make one`() async throws {
        try await withStaticUser { user, role in
            let resolvers = try (0..<8).map { _ in try user.resolver(role) }
            let values = try await withThrowingTaskGroup(of: String.self) { group in
                for resolver in resolvers { group.addTask { try await resolver.virtualKey("acme").value } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(values.count == 1)
            #expect(try await user.rows.count == 1)
        }
    }

    @Test func `After its period another key takes its place, and the old one still works`() async throws {
        try await withStaticUser { user, role in
            let resolver = try user.resolver(role)
            let first = try await resolver.virtualKey()
            user.clock.advance(by: .seconds(82_000))
            #expect(try await resolver.virtualKey() == first)
            user.clock.advance(by: .seconds(900))
            let second = try await resolver.virtualKey()
            #expect(second != first)
            for key in [first, second] {
                #expect(try await user.proxy.chat(key: key.value, model: "gpt-stand-in") == 200)
            }
            #expect(try await user.resolver(role).virtualKey() == second)
            #expect(try await user.rows.count == 2)
        }
    }

    @Test("A key that was blocked or deleted at the proxy is replaced at once", arguments: ["block", "delete"])
    func blocked(_ action: String) async throws {
        try await withStaticUser { user, role in
            let resolver = try user.resolver(role)
            let first = try await resolver.virtualKey()
            let body: [String: Any] = action == "block" ? ["key": first.token] : ["keys": [first.token]]
            let reply = try await user.proxy.ask("key/\(action)", key: user.proxy.masterKey, body: body)
            #expect(reply.status == 200)
            #expect(try await resolver.virtualKey() == first)
            resolver.report(.unauthorized, for: first)
            let second = try await resolver.virtualKey()
            #expect(second != first)
            #expect(try await user.proxy.chat(key: second.value, model: "gpt-stand-in") == 200)
            #expect(try await user.resolver(role).virtualKey() == second)
        }
    }

    @Test("What a role allows is in its key: another role has another one", arguments: Change.all)
    func changed(_ change: Change) async throws {
        try await withStaticUser { user, role in
            var changed = role
            change.apply(&changed)
            let first = try await user.resolver(role).virtualKey()
            let second = try await user.resolver(changed).virtualKey()
            #expect(second != first)
            #expect(try await user.rows.count == 2)
        }
    }

    @Test func `Two tenants, and two admin keys, have two keys`() async throws {
        try await withStaticUser { user, role in
            let proxy = user.proxy
            let owner = unique("admin")
            let made = try await proxy.ask(
                "user/new",
                key: proxy.masterKey,
                body: ["user_id": owner, "user_role": "proxy_admin", "auto_create_key": false]
            )
            #expect(made.status == 200)
            let own = "sk-" + String(repeating: "a1", count: 24) + owner
            let body: [String: Any] = ["user_id": owner, "key": own]
            #expect(try await proxy.ask("key/generate", key: proxy.masterKey, body: body).status == 200)
            let (one, other) = (try user.resolver(role), try user.resolver(role, admin: own))
            var values: Set<String> = []
            for resolver in [one, other] {
                for tenant in ["ä", "ö"] { values.insert(try await resolver.virtualKey(tenant).value) }
            }
            #expect(values.count == 4)
            #expect(try await user.rows.count == 4)
        }
    }

    @Test func `An admin key that could be guessed from a derived one is refused`() async throws {
        try await withStaticUser { user, role in
            let error = try #require(await user.resolver(role, admin: "sk-1234567890").failure())
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.contains("too short") && error.remedy.contains("25 characters"), "\(error)")
            #expect(try await user.proxy.requests(user.stem).isEmpty)
        }
    }

    @Test func `A proxy that takes no keys of others can't have static roles, and it is said how to have it`()
        async throws
    {
        try await withStaticUser(try await Proxies.withoutCustomKeys) { user, role in
            let error = try #require(await user.resolver(role).failure())
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.contains("a static key is made here"), "\(error)")
            #expect(error.remedy.contains("disable_custom_api_keys"), "\(error)")
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test("An answer that is lost costs no key", arguments: LostAnswerTests.kinds)
    func lost(_ kind: String) async throws {
        try await withStaticUser { user, role in
            try await user.proxy.fault(kind, at: "/key/generate", of: user.stem, times: 2)
            let key = try await user.resolver(role).virtualKey()
            #expect(try await user.rows.map(\.token) == [key.token])
        }
    }

    @Test func `HMAC-SHA-256 is that of RFC 4231`() {
        func hmac(_ key: [UInt8], _ text: String) -> String {
            VirtualKeyMinter.hmac(of: Array(text.utf8), by: key)
        }
        #expect(
            hmac(Array(repeating: 0x0B, count: 20), "Hi There")
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        )
        #expect(
            hmac(Array("Jefe".utf8), "what do ya want for nothing?")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
        #expect(
            hmac(Array(repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First")
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        )
    }
}

/// A role that allows something else.
struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let apply: @Sendable (inout VirtualKeyRole) -> Void

    static let all = [
        Change(testDescription: "models") { $0.models = ["gpt-stand-in", "small-stand-in"] },
        Change(testDescription: "a budget") { $0.maxBudget = 5 },
        Change(testDescription: "a rate") { $0.rpmLimit = 5 },
        Change(testDescription: "an owner") { $0.teamID = "t" },
        Change(testDescription: "what has no setting of its own") { $0.request = ["allowed_routes": ["/models"]] },
        // LiteLLM reads limits there, too.
        Change(testDescription: "metadata") { $0.metadata = ["model_rpm_limit": ["gpt-stand-in": 1]] },
        Change(testDescription: "the period") { $0.staticPeriod = .seconds(2 * 86_400) },
    ]
}
