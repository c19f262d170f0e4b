import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import LiteLLM
import OpenBaoTestSupport
import Testing

/// An admin key in a file that is replaced while the program runs.
@Suite(.timeLimit(.minutes(5))) struct AdminKeyTests {
    /// A key of a new admin, or of somebody who isn't one.
    private func key(_ user: ProxyUser, role: String = "proxy_admin") async throws -> String {
        let (proxy, owner) = (user.proxy, unique("admin"))
        let made = try await proxy.ask(
            "user/new",
            key: proxy.masterKey,
            body: ["user_id": owner, "user_role": role, "auto_create_key": false]
        )
        #expect(made.status == 200, "\(made)")
        return try await proxy.ask("key/generate", key: proxy.masterKey, body: ["user_id": owner]).required("key")
    }

    private func delete(_ key: String, _ user: ProxyUser) async throws {
        let reply = try await user.proxy.ask("key/delete", key: user.proxy.masterKey, body: ["keys": [key]])
        #expect(reply.status == 200)
    }

    @Test func `After the proxy refused it, it is read once more, and there is no loop`() async throws {
        try await withProxyUser { user in
            let (old, new) = (try await key(user), try await key(user))
            let file = try user.folder.write("admin", "\(old)\n")
            let resolver = try user.resolver { $0.adminKey = .file(file) }
            let first = try await resolver.virtualKey("a")
            try await delete(old, user)
            try user.folder.write("admin", new)
            let second = try await resolver.virtualKey("b")
            #expect(try await user.rows.count == 2 && first != second)
            func requests() async throws -> Int { try await user.proxy.requests(user.stem).count }
            // One with the old, one with the new for each of two that are lent.
            #expect(try await requests() == 3)
            try await delete(new, user)
            #expect(await resolver.failure("litellm", KeyScope(tenant: "c"))?.code == .unauthenticated)
            #expect(try await requests() == 4)
            try user.folder.write("admin", "sk-wrong-as-well")
            user.clock.advance(by: .seconds(60))
            #expect(await resolver.failure("litellm", KeyScope(tenant: "c"))?.code == .unauthenticated)
            #expect(try await requests() == 6)
            try user.folder.write("admin", user.proxy.masterKey)
            user.clock.advance(by: .seconds(60))
            _ = try await resolver.virtualKey("c")
            // What the old admin had made is deleted by the new one.
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty && user.written.isEmpty)
        }
    }

    @Test func `A key that isn't an admin's is read once more, too`() async throws {
        try await withProxyUser { user in
            let file = try user.folder.write("admin", try await key(user, role: "internal_user_viewer"))
            let resolver = try user.resolver { $0.adminKey = .file(file) }
            #expect(await resolver.failure()?.code == .denied)
            try user.folder.write("admin", try await key(user))
            user.clock.advance(by: .seconds(60))
            _ = try await resolver.virtualKey()
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test(
        "While the admin key is refused a key that was made is given out to its end, and no weaker one",
        arguments: [
            "internal_user_viewer", nil,
        ]
    )
    func refused(_ role: String?) async throws {
        try await withProxyUser { user in
            let admin = try await key(user)
            let file = try user.folder.write("admin", admin)
            let resolver = try user.resolver(environment: ["LITELLM_API_KEY": "sk-weak"]) { configuration in
                configuration.adminKey = .file(file)
                configuration.settings.fallback = .unavailable
            }
            let made = try await resolver.virtualKey()
            try await delete(admin, user)
            if let role { try user.folder.write("admin", try await key(user, role: role)) }
            user.clock.advance(by: .seconds(45 * 60))
            try await until("its renewal failed") {
                let given = try await resolver.virtualKey()
                #expect(given == made)
                return resolver.cacheStatistics.values.contains { $0.failures > 0 }
            }
            #expect(resolver.leaseStatistics["litellm"]?.failedRenewals == 1)
            #expect(try await resolver.virtualKey() == made)
            user.clock.advance(by: .seconds(600))
            #expect(try await resolver.virtualKey() == made)
            user.clock.advance(by: .seconds(600))
            let code = try #require(await resolver.failure()).code
            #expect(code == (role == nil ? .unauthenticated : .denied))
        }
    }

    @Test("An admin key that can't be had is said with its place", arguments: AbsentKey.allCases)
    func absent(_ absent: AbsentKey) async throws {
        try await withProxyUser { user in
            let path = "\(user.folder.path)/admin"
            if absent == .empty { try user.folder.write("admin", " \n") }
            let resolver = try user.resolver(environment: ["LITELLM_API_KEY": "sk-weak"]) { configuration in
                configuration.adminKey = absent == .variable ? .environment("NO_SUCH_VARIABLE") : .file(path)
                configuration.settings.fallback = .unavailable
            }
            let error = try #require(await resolver.failure())
            #expect(error.description.contains(absent == .variable ? "NO_SUCH_VARIABLE" : path), "\(error)")
            #expect(error.code != .absent && error.code != .unavailable, "\(error.code)")
            #expect(try await user.proxy.requests(user.stem).isEmpty)
            try await until("nothing is written down") { user.written.isEmpty }
        }
    }
}

enum AbsentKey: CaseIterable {
    case variable, file, empty
}
