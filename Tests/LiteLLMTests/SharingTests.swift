import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import LiteLLM
import OpenBaoTestSupport
import Testing

/// Who has a key of whom.
@Suite(.timeLimit(.minutes(5))) struct SharingTests {
    @Test func `1,000 concurrent calls of one role and scope: one key is made`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            let values = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<1_000 { group.addTask { try await resolver.virtualKey("acme").value } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(values.count == 1)
            #expect(try await user.requests("/key/generate").count == 1)
            #expect(try await user.rows.count == 1)
            await resolver.shutdown()
        }
    }

    @Test(
        "Two that differ in any part of the scope have two keys",
        arguments: [
            (KeyScope(tenant: "a"), KeyScope(tenant: "b")), (KeyScope(tenant: "a"), KeyScope(project: "a")),
            (KeyScope(), KeyScope(purpose: "a")), (KeyScope(tenant: "a"), KeyScope(project: "p", tenant: "a")),
            // The names of the keys are alike, and these are the same characters in other bytes.
            (KeyScope(tenant: "ä"), KeyScope(tenant: "ö")), (KeyScope(tenant: "é"), KeyScope(tenant: "e\u{301}")),
        ]
    )
    func apart(one: KeyScope, other: KeyScope) async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            let first = try await resolver.requireAPIKey(service: "litellm", scope: one)
            let second = try await resolver.requireAPIKey(service: "litellm", scope: other)
            let again = try await resolver.requireAPIKey(service: "litellm_proxy", scope: one)
            #expect(first != second && first == again)
            #expect(try await Set(user.rows.map(\.token)) == [first.token, second.token])
            #expect(resolver.release(first))
            try await until("the first is gone") { try await user.rows.map(\.token) == [second.token] }
            await resolver.shutdown()
        }
    }

    @Test func `A key comes with the proxy's address`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            let key = try await resolver.virtualKey()
            func field(_ name: String) async throws -> String? {
                try await resolver.getSecret(service: "litellm", field: name)?.value
            }
            #expect(try await field("api_base") == user.proxy.url)
            #expect(try await user.rows.map(\.token) == [key.token])
            #expect(try await user.requests("/key/generate").count == 1)
            await resolver.shutdown()
        }
    }

    @Test func `Another service has keys of a role where the configuration says so`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            #expect(try await resolver.getAPIKey(service: "openai") == nil)
            #expect(try await user.requests("/key/generate").isEmpty)
            try resolver.override("openai") { [role = user.role] in $0["litellm"] = ["role": PluginSetting(role)] }
            let key = try await resolver.requireAPIKey(service: "openai")
            // One role and one scope: one key.
            #expect(try await resolver.virtualKey() == key)
            #expect(try await user.proxy.chat(key: key.value, model: "gpt-stand-in") == 200)
            await resolver.shutdown()
        }
    }

    @Test func `A service has keys of the role that is named for it, and of no other`() async throws {
        try await withProxyUser { user in
            let (other, named) = (unique("role"), unique("role"))
            let resolver = try user.resolver {
                $0.role = user.role
                $0.roles[other] = VirtualKeyRole(models: ["small-stand-in"])
                $0.roles[named] = VirtualKeyRole()
            }
            try resolver.override("openai") { $0["litellm"] = ["role": PluginSetting(other)] }
            try resolver.override("groq") { $0["litellm"] = ["role": "{profile}"] }
            // More than once, since the settings for a service are decoded once.
            for _ in 1...2 {
                let key = try await resolver.requireAPIKey(service: "openai")
                #expect(try await user.proxy.keys("keyhooks/\(other)").map(\.token) == [key.token])
                #expect(await resolver.failure("groq")?.code == .invalidScope)
            }
            let key = try await resolver.requireAPIKey(service: "groq", scope: KeyScope(profile: named))
            #expect(try await user.proxy.keys("keyhooks/\(named)").map(\.token) == [key.token])
            #expect(try await user.rows.isEmpty)
            await resolver.shutdown()
        }
    }

    @Test func `The role is that of the scope where its name has a part of it`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver { configuration in
                let other = "\(user.role)-other"
                configuration.roles[other] = VirtualKeyRole(models: ["small-stand-in"])
                configuration.role = "\(user.role)-{profile}"
            }
            let key = try await resolver.requireAPIKey(service: "litellm", scope: KeyScope(profile: "other"))
            let row = try #require(try await user.rows.first)
            #expect(row.token == key.token && row.models == ["small-stand-in"])
            let error = try #require(await resolver.failure("litellm", KeyScope(profile: "othr")))
            #expect(error.code == .invalidScope)
            #expect(error.message.contains("no role '\(user.role)-othr'"), "\(error)")
            #expect(error.remedy.contains("did you mean '\(user.role)-other'?"), "\(error)")
            #expect(await resolver.failure()?.message.contains("needs a profile") == true)
            #expect(try await user.rows.count == 1)
            await resolver.shutdown()
        }
    }
}
