import ExtensionHooks
import Foundation
import HTTPTransport
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Synchronization
import Testing

@testable import LiteLLM

/// What a hostile review found: proxies that answer strangely, admin keys that go, names that look alike.
@Suite(.timeLimit(.minutes(5))) struct HostileTests {
    /// A fake in front of the real proxy, which drops the key that was chosen.
    private static func droppingKeys() -> FakeTransport {
        let relay = FakeTransport.relay()
        return FakeTransport { request in
            var request = request
            if request.path == "/key/generate", let body = request.body {
                let members = try JSONParser.parse(body).members?.filter { $0.name != "key" } ?? []
                request.body = try JSONNode(.object(members)).jsonBytes()
            }
            return try await relay.send(request, timeout: .seconds(60), limit: 1 << 20)
        }
    }

    @Test func `A static key that isn't the one that was asked for doesn't stay`() async throws {
        try await withProxyUser { user in
            var role = VirtualKeyRole()
            role.staticPeriod = .seconds(86_400)
            let error = try #require(await user.resolver(role, transport: Self.droppingKeys()).failure())
            #expect(error.code == .invalidConfiguration && error.message.contains("a static key is made here"))
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test func `A key that isn't the one that was asked for is taken away, and the proxy makes its own`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver(transport: Self.droppingKeys())
            let key = try await resolver.virtualKey()
            #expect(try await user.rows.map(\.token) == [key.token])
            #expect(try await user.proxy.chat(key: key.value, model: "gpt-stand-in") == 200)
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test func `What has the alias of a loan goes with it, whatever key it has by then`() async throws {
        try await withProxyUser(try await Proxies.strict) { user in
            let resolver = try user.resolver()
            let key = try await resolver.virtualKey()
            let path = "key/\(key.token)/regenerate"
            #expect(try await user.proxy.ask(path, key: user.proxy.masterKey, body: [:]).status == 200)
            #expect(try await user.rows.map(\.token) != [key.token])
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test func `A key that somebody blocked is not renewed, and another one is made`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            let key = try await resolver.virtualKey()
            let body = ["key": key.token]
            #expect(try await user.proxy.ask("key/block", key: user.proxy.masterKey, body: body).status == 200)
            user.clock.advance(by: .seconds(45 * 60))
            try await until("another one is made") { try await resolver.virtualKey() != key }
            #expect(resolver.leaseStatistics["litellm"]?.lost == 1)
            await resolver.shutdown()
        }
    }

    /// Whoever has the old admin key could derive the static key from it.
    @Test func `No static key comes from an admin key that was replaced meanwhile`() async throws {
        try await withProxyUser { user in
            var role = VirtualKeyRole()
            role.staticPeriod = .seconds(86_400)
            let old = "sk-old-\(UUID().uuidString)"
            let file = try user.folder.write("admin", old)
            // The old one is refused by the real proxy, and the new one is in the file by then.
            let relay = FakeTransport.relay()
            let transport = FakeTransport { request in
                let isOld = request.headers["Authorization"] == "Bearer \(old)"
                let reply = try await relay.send(request, timeout: .seconds(60), limit: 1 << 20)
                if isOld { try user.folder.write("admin", user.proxy.masterKey) }
                return reply
            }
            let key = try await user.resolver(role, transport: transport) { $0.adminKey = .file(file) }.virtualKey()
            #expect(try await user.resolver(role).virtualKey().value == key.value)
            #expect(try await user.rows.map(\.token) == [key.token])
        }
    }

    @Test func `However many keys are wanted, an admin key that is refused is tried once in a while`() async throws {
        try await withProxyUser { user in
            let transport = FakeTransport.relay()
            let resolver = try user.resolver(admin: "sk-wrong", transport: transport)
            for tenant in 0..<50 {
                #expect(await resolver.failure("litellm", KeyScope(tenant: "\(tenant)"))?.code == .unauthenticated)
            }
            #expect(transport.requests.count == 1)
            user.clock.advance(by: .seconds(60))
            _ = await resolver.failure("litellm", KeyScope(tenant: "other"))
            #expect(transport.requests.count == 2)
        }
    }

    @Test func `A name that only looks like a role's is none`() async throws {
        let roles = ["K": VirtualKeyRole(), "other": VirtualKeyRole()]
        let configuration = LiteLLMConfiguration(
            url: "http://127.0.0.1:9",
            adminKey: .environment("ADMIN"),
            roles: roles,
            role: "{tenant}"
        )
        let registry = HookRegistry()
        let plugin = try LiteLLMPlugin(configuration, environment: ["ADMIN": "sk-1"], transport: FakeTransport(500, ""))
        try registry.register { plugin.register(in: &$0) }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        // The Kelvin sign, which Swift takes for a K.
        let error = await resolver.failure("litellm", KeyScope(tenant: "\u{212A}"))
        #expect(error?.code == .invalidScope)
    }

    @Test func `Where the proxy is costs no key`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            #expect(try await resolver.getSecret(service: "litellm", field: "api_base")?.value == user.proxy.url)
            #expect(try await user.proxy.requests(user.stem).isEmpty)
        }
    }

    @Test(
        "A role that code describes is bounded",
        arguments: [
            { $0.duration = .seconds(Int64.max) }, { $0.staticPeriod = .seconds(Int64.max) }, { $0.maxBudget = .nan },
            { $0.tpmLimit = -1 }, { $0.duration = .zero }, { $0.request = ["blocked": true] },
        ] as [@Sendable (inout VirtualKeyRole) -> Void]
    )
    func bounded(_ change: @Sendable (inout VirtualKeyRole) -> Void) {
        var role = VirtualKeyRole()
        change(&role)
        let configuration = LiteLLMConfiguration(
            url: "http://127.0.0.1:9",
            adminKey: .environment("ADMIN"),
            roles: ["a": role]
        )
        #expect(throws: KeyResolutionError.self) { try LiteLLMPlugin(configuration, environment: [:]) }
    }
}
