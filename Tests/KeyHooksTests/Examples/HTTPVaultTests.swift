import ExtensionHooks
import Foundation
import KeyHooks
import Testing

/// The plugin of ``HTTPVault`` against a server: what it gets for nothing.
@Suite("A plugin in thirty lines", .timeLimit(.minutes(2)))
struct HTTPVaultTests {
    private func withVault(
        _ secrets: [String: String] = ["openai": "sk-1"],
        _ section: [String: PluginSetting] = [:],
        providers: [Service: ProviderSettings] = [:],
        token: String = "let-me-in",
        _ body: (SecretServer, KeyResolver) async throws -> Void
    ) async throws {
        let server = try SecretServer(secrets)
        defer { server.stop() }
        var configuration = KeyConfiguration(providers: providers)
        configuration.plugins["httpvault"] = section.merging(["url": PluginSetting(server.url)]) { $1 }
        let resolver = try KeyResolver(
            configuration: configuration,
            plugins: [HTTPVault.plugin],
            environment: ["HTTPVAULT_TOKEN": token, "OPENAI_API_KEY": "sk-env", "GROQ_API_KEY": "g"]
        )
        try await body(server, resolver)
    }

    @Test func `It has at most thirty lines`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "HTTPVaultExample.swift")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let begin = try #require(lines.firstIndex(of: "// plugin begins"))
        let end = try #require(lines.firstIndex(of: "// plugin ends"))
        let code = lines[(begin + 1)..<end].filter { !$0.allSatisfy(\.isWhitespace) }
        #expect(code.count > 10 && code.count <= 30, "\(code.count)")
    }

    @Test func `A key is read once for all, kept, and read again once it is rejected`() async throws {
        try await withVault { server, resolver in
            try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 1...50 { group.addTask { try await resolver.getAPIKey(service: "openai")?.value } }
                for try await value in group { #expect(value == "sk-1") }
            }
            #expect(server.requests == ["openai"])
            server.set("openai", to: "sk-2")
            let key = try #require(try await resolver.getAPIKey(service: "openai"))
            #expect(key.value == "sk-1")
            resolver.report(.unauthorized, for: key)
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-2")
            #expect(server.requests.count == 2)
        }
    }

    @Test func `ttl, of the section and of a provider`() async throws {
        let short: [Service: ProviderSettings] = ["azure": ProviderSettings(timeToLive: .zero)]
        try await withVault(["openai": "sk-1", "azure": "a"], ["ttl": "1h"], providers: short) { server, resolver in
            for service in ["openai", "azure"] as [Service] {
                for _ in 1...3 { _ = try await resolver.getAPIKey(service: service) }
            }
            #expect(server.requests == ["openai", "azure", "azure", "azure"])
        }
    }

    @Test func `fallback, and never after a denial`() async throws {
        for (setting, expected) in [("never", "unavailable"), ("unavailable", "sk-env")] {
            try await withVault([:], ["fallback": PluginSetting(setting)]) { server, resolver in
                server.answer(503)
                #expect(await outcome(resolver) == expected)
                server.answer(403)
                resolver.invalidateAll()
                #expect(await outcome(resolver) == "denied")
            }
            try await withVault([:], ["fallback": PluginSetting(setting)]) { server, resolver in
                server.stop()
                #expect(await outcome(resolver) == expected)
            }
        }
        try await withVault(token: "wrong") { _, resolver in #expect(await outcome(resolver) == "denied") }
    }

    @Test func `services, and what the user says of them`() async throws {
        let rules: [Service: ProviderSettings] = [
            "openai": ProviderSettings(plugins: []), "mistral": ProviderSettings(plugins: ["httpvault"]),
        ]
        try await withVault(["azure": "a", "mistral": "m", "groq": "vault"], providers: rules) { server, resolver in
            let services: [Service] = ["openai", "groq", "azure", "mistral"]
            var values: [String?] = []
            for service in services { values.append(try await resolver.getAPIKey(service: service)?.value) }
            #expect(values == ["sk-env", "g", "a", "m"])
            #expect(server.requests == ["azure", "mistral"])
            try resolver.override("azure") { $0["httpvault"] = ["name": "mistral"] }
            #expect(try await resolver.getAPIKey(service: "azure")?.value == "m")
        }
    }

    @Test func `A deadline, after which the server counts as unreachable`() async throws {
        try await withVault(["openai": "sk-1"], ["timeout": "200ms", "fallback": "unavailable"]) { server, resolver in
            server.hang()
            let key = try #require(try await resolver.getAPIKey(service: "openai"))
            #expect(key.value == "sk-env" && key.provenance?.skippedSources.map(\.code) == [.timedOut])
        }
    }

    @Test func `It shows in explanations, before and after the key was read`() async throws {
        try await withVault { server, resolver in
            let before = try resolver.explain(service: "openai")
            #expect(before.cached.map(\.plugin) == ["httpvault"] && before.cached.map(\.source) == ["openai"])
            #expect(before.cached.map(\.state) == [.notRead] && server.requests.isEmpty)
            _ = try await resolver.getAPIKey(service: "openai")
            let after = try resolver.explain(service: "openai")
            #expect(after.cached.map(\.state) == [.fresh])
            #expect(after.description.contains("httpvault") && !after.description.contains("sk-1"))
        }
    }

    @Test func `What isn't there is left to others, and said`() async throws {
        try await withVault([:]) { _, resolver in
            let key = try #require(try await resolver.getAPIKey(service: "openai"))
            #expect(key.value == "sk-env")
            #expect(key.provenance?.skippedSources.first?.message == "there is no secret 'openai'")
        }
    }

    private func outcome(_ resolver: KeyResolver) async -> String {
        do {
            return try await resolver.getAPIKey(service: "openai")?.value ?? "nil"
        } catch {
            return (error as? KeyResolutionError)?.code.description ?? "another error"
        }
    }
}
