import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Falling back while OpenBao is unavailable")
struct FallbackTests {
    @Test("The environment answers and says over what, until OpenBao is back")
    func fallback() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-vault"])
            let resolver = try vault.resolver(environment: ["OPENAI_API_KEY": "sk-environment"]) {
                $0.settings.fallback = .unavailable
            }
            try await server.kill()
            let key = try #require(try await resolver.getAPIKey(service: "openai"))
            #expect(key.value == "sk-environment")
            #expect(key.provenance?.source == .environment(name: "OPENAI_API_KEY"))
            #expect(key.provenance?.skippedSources.filter { !$0.isAbsence }.map(\.code) == [.unavailable])
            // Code that cannot wait gets the same.
            #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-environment")

            try await server.restart()
            vault.clock.advance(by: .seconds(1))
            let again = try #require(try await resolver.getAPIKey(service: "openai"))
            #expect(again.value == "sk-vault")
            #expect(again.provenance?.skippedSources.filter { !$0.isAbsence } == [])
        }
    }

    @Test("Without a weaker source it is a failure, and no absence")
    func nobody() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            let resolver = try vault.resolver { $0.settings.fallback = .unavailable }
            try await server.kill()
            #expect(await resolver.failure("openai")?.code == .unavailable)
        }
    }

    @Test("Without leave to fall back the environment does not answer")
    func never() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            let resolver = try vault.resolver(environment: ["OPENAI_API_KEY": "sk-environment"])
            try await server.kill()
            #expect(await resolver.failure("openai")?.code == .unavailable)
        }
    }

    @Test("A sealed server is reported from a dead one, and answers once it is unsealed")
    func sealed() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-vault"])
            let strict = try vault.resolver(environment: ["OPENAI_API_KEY": "sk-environment"])
            let lenient = try vault.resolver(environment: ["OPENAI_API_KEY": "sk-environment"]) {
                $0.settings.fallback = .unavailable
            }
            try await server.seal()
            #expect(await strict.failure("openai")?.code == .sealed)
            let key = try await lenient.getAPIKey(service: "openai")
            #expect(key?.value == "sk-environment")
            #expect(key?.provenance?.skippedSources.filter { !$0.isAbsence }.map(\.code) == [.sealed])

            try await server.unseal()
            vault.clock.advance(by: .seconds(1))
            #expect(try await strict.value("openai") == "sk-vault")
            #expect(try await lenient.value("openai") == "sk-vault")
        }
    }
}
