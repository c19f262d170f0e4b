import ExtensionHooks
import KeyHooks
import Synchronization
import Testing

/// The sources of the article "Writing a plugin", compiled and run.
@Suite("The examples of sources")
struct SourceExample {
    /// Stands for a client of a secret store.
    final class Vault: Sendable {
        private let count = Mutex(0)

        var reads: Int { count.withLock { $0 } }

        func read(_ path: String) async throws -> String? {
            count.withLock { $0 += 1 }
            await Task.yield()
            return path == "ai/openai" ? "sk-1" : nil
        }

        func bundle(_ path: String) async throws -> (fields: [String: String], version: String)? {
            try await read("ai/openai").map { (["OPENAI_API_KEY": $0], "3") }
        }
    }

    struct TeamVault: KeySource {
        let vault: Vault

        func read(_ request: KeyRequest) async throws -> String? {
            try await vault.read("ai/\(request.service)")
        }
    }

    struct BundleVault: KeySource {
        let vault: Vault

        func location(for request: KeyRequest) -> String? { "ai/\(request.scope.profile ?? "default")" }

        func read(_ location: String) async throws -> SourceReading<[String: String]> {
            guard let bundle = try await vault.bundle(location) else { return .absent("no such secret") }
            return .found(bundle.fields, version: bundle.version)
        }

        func key(for request: KeyRequest, in fields: [String: String]) -> SourceKey {
            .first(of: request.names, in: fields)
        }
    }

    @Test func `The smallest source`() async throws {
        let (vault, registry) = (Vault(), HookRegistry())
        try registry.register { hooks in
            hooks.answer(from: TeamVault(vault: vault), id: "team-vault", services: ["openai", "azure*"])
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        for _ in 1...3 { #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-1") }
        #expect(try await resolver.getAPIKey(service: "groq") == nil)
        #expect(vault.reads == 1)
    }

    @Test func `A bundle`() async throws {
        let (vault, registry) = (Vault(), HookRegistry())
        try registry.register { $0.answer(from: BundleVault(vault: vault), id: "team-vault") }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(try await resolver.getAPIKey(service: "openai")?.provenance?.version == "3")
        #expect(try await resolver.getAPIKey(service: "groq") == nil)
        #expect(vault.reads == 1)
    }
}
