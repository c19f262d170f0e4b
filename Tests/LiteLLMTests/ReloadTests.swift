import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import LiteLLM
import OpenBaoTestSupport
import Testing

/// A configuration that changes while its keys are in use, with the plugin as programs have it.
@Suite(.timeLimit(.minutes(5))) struct ReloadTests {
    private func configuration(_ user: ProxyUser, _ roles: String, _ more: String = "") throws -> KeyConfiguration {
        try KeyConfiguration(
            parsing: """
                {plugins: {litellm: {url: '\(user.proxy.url)', adminKey: 'env:TEST_ADMIN_KEY', roles: {\(roles)},
                  leases: {grace: '0s'} \(more)}}}
                """
        )
    }

    private func resolver(_ user: ProxyUser, _ configuration: KeyConfiguration) throws -> KeyResolver {
        try KeyResolver(
            configuration: configuration,
            plugins: [LiteLLMPlugin.plugin],
            environment: user.folder.environment.merging(["TEST_ADMIN_KEY": user.proxy.masterKey]) { $1 }
        )
    }

    @Test func `After a reload the old role's key is deleted, and the new role answers`() async throws {
        try await withProxyUser { user in
            let resolver = try self.resolver(user, try configuration(user, "'\(user.role)-a': {}"))
            let first = try await resolver.virtualKey()
            #expect(try await user.rows.count == 1)
            try resolver.reload(try configuration(user, "'\(user.role)-b': {models: ['gpt-stand-in']}"))
            let second = try await resolver.virtualKey()
            #expect(second != first)
            try await until("the old one is gone") { try await user.rows.map(\.token) == [second.token] }
            #expect(try await user.rows.map(\.models) == [["gpt-stand-in"]])
            #expect(try await user.proxy.chat(key: first.value, model: "gpt-stand-in") == 401)
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test func `A role that is removed under a live key: the key is deleted, and who asks for the role hears so`()
        async throws
    {
        try await withProxyUser { user in
            let (role, other) = (user.role, "\(user.role)-other")
            let before = try configuration(user, "'\(role)': {}, '\(other)': {}", ", role: '{profile}'")
            let resolver = try self.resolver(user, before)
            let key = try await resolver.requireAPIKey(service: "litellm", scope: KeyScope(profile: role))
            try resolver.reload(try configuration(user, "'\(other)': {}", ", role: '{profile}'"))
            let error = try #require(await resolver.failure("litellm", KeyScope(profile: role)))
            #expect(error.code == .invalidScope && error.message.contains("no role '\(role)'"))
            try await until("the key is gone") { try await user.rows.isEmpty }
            #expect(try await user.proxy.chat(key: key.value, model: "gpt-stand-in") == 401)
            await resolver.shutdown()
        }
    }

    @Test func `Without its section the plugin is a mistake, also when a reload takes the section`() async throws {
        try await withProxyUser { user in
            let error = #expect(throws: KeyResolutionError.self) { try self.resolver(user, KeyConfiguration()) }
            #expect(error?.code == .invalidConfiguration && error?.message.contains("'litellm'") == true)
            let resolver = try self.resolver(user, try configuration(user, "'\(user.role)': {}"))
            let key = try await resolver.virtualKey()
            #expect(throws: KeyResolutionError.self) { try resolver.reload(KeyConfiguration()) }
            #expect(try await resolver.virtualKey() == key)
            #expect(try await user.rows.map(\.token) == [key.token])
            await resolver.shutdown()
        }
    }

    @Test func `A mistake in the new configuration changes nothing`() async throws {
        try await withProxyUser { user in
            let resolver = try self.resolver(user, try configuration(user, "'\(user.role)': {}"))
            let key = try await resolver.virtualKey()
            #expect(throws: KeyResolutionError.self) {
                try resolver.reload(try configuration(user, "'\(user.role)': {max_budget: 5}"))
            }
            #expect(try await resolver.virtualKey() == key)
            #expect(try await user.rows.count == 1)
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }
}
