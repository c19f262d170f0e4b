import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import OpenBao

/// The faults that were verified in Agent Zero's OpenBao plugin, each with the test that keeps it out of this one.
@Suite("Faults of the plugin this one replaces")
struct AgentZeroFaultsTests {
    @Test("1: a second cache without an end kept the old key whatever the TTL said")
    func ttlIsReal() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "old"])
        let resolver = try vault.resolver { $0.settings.cache.timeToLive = .seconds(1) }
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "old")
        #expect(try resolver.cachedAPIKey(service: "openai")?.value == "old")
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "new"])
        vault.clock.advance(by: .milliseconds(1500))
        #expect(try resolver.cachedAPIKey(service: "openai") == nil)
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "new")
        #expect(try vault.reads(of: "ai/providers") == 2)
    }

    @Test("2: one outage made the values of the environment stick forever")
    func fallbackEnds() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "vault"])
            let resolver = try vault.resolver(environment: ["OPENAI_API_KEY": "environment"]) {
                $0.settings.fallback = .unavailable
                $0.settings.cache.staleIfError = .zero
            }
            try await server.seal()
            let during = try #require(try await resolver.getAPIKey(service: "openai"))
            #expect(during.value == "environment")
            #expect(during.provenance?.skippedSources.filter { !$0.isAbsence }.map(\.code) == [.sealed])
            try await server.unseal()
            vault.clock.advance(by: .seconds(60))
            let after = try #require(try await resolver.getAPIKey(service: "openai"))
            #expect(after.value == "vault")
            #expect(after.provenance?.skippedSources.filter { !$0.isAbsence }.isEmpty == true)
        }
    }

    @Test("3: 'hard fail' let the call fall through to the environment all the same")
    func failureIsTheCallers() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            let resolver = try vault.resolver(environment: ["OPENAI_API_KEY": "proxy-a0"])
            try await server.seal()
            let error = await #expect(throws: KeyResolutionError.self) {
                try await resolver.getAPIKey(service: "openai")
            }
            #expect(error?.code == .sealed)
        }
    }

    @Test("4: a way to log in was documented and could not be reached")
    func unknownSettingsAreErrors() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(unique("config") + ".json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(#"{ "plugins": { "openbao": { "path": "a", "k8s_role": "x" } } }"#.utf8).write(to: file)
        let error = try #require(throws: KeyResolutionError.self) {
            try OpenBaoConfiguration(KeyConfiguration.read(from: file.path))
        }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains("k8s_role"))
    }

    @Test("5: starting without a vault blocked for seconds, three attempts under a lock")
    func startingReadsNothing() async throws {
        let vault = try await Vault()
        _ = try vault.resolver { $0.addresses = ["http://127.0.0.1:1"] }
        let resolver = try vault.resolver()
        #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.loads == 0)
    }

    @Test("6: the cache ignored mount and path, and projects went past it")
    func everyPathHasItsEntry() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "one", ["OPENAI_API_KEY": "1"])
        try await vault.admin.put(vault.mount, "two", ["OPENAI_API_KEY": "2"])
        let resolver = try vault.resolver(path: "{project}")
        for project in ["one", "two", "one", "two"] {
            let key = try await resolver.getAPIKey(service: "openai", scope: KeyScope(project: project))
            #expect(key?.value == (project == "one" ? "1" : "2"))
        }
        #expect(try vault.reads(of: "one") == 1)
        #expect(try vault.reads(of: "two") == 1)
    }

    @Test("7: documents and code disagreed on what 'fallback' and 'hard fail' together mean")
    func oneSettingDecides() {
        #expect(KeyFallback.allCases.map(\.rawValue) == ["never", "unavailable"])
        #expect(OpenBaoConfiguration(path: "a").settings.fallback == .never)
    }
}
