import ExtensionHooks
import KeyHooks
import Synchronization
import Testing

/// The caching plugin of the article "Writing a plugin", compiled and run.
@Suite("The example of a plugin with a cache")
struct CachingPluginExample {
    /// Stands for a client of a secret store.
    final class Vault: Sendable {
        private let secrets: [String: String]
        private let count = Mutex(0)

        init(_ secrets: [String: String]) {
            self.secrets = secrets
        }

        var reads: Int { count.withLock { $0 } }

        func read(_ path: String) async throws -> String? {
            count.withLock { $0 += 1 }
            await Task.yield()
            return secrets[path]
        }
    }

    struct AcmeVault: KeyCache {
        let id: HookID = "acme"
        let cache: TTLCache<Service, APIKey?>

        init(_ vault: Vault) throws {
            cache = try TTLCache { service in
                guard let secret = try await vault.read("ai/\(service)") else { return .absence(nil) }
                return .value(APIKey(secret))
            }
        }

        func register(in registry: HookRegistry) throws {
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: id) { call in
                    let (service, age) = (call.arguments.service, call.arguments.maximumAge)
                    guard let hit = try cache.immediateValue(for: service, maximumAge: age) else { return false }
                    give(hit.value, to: &call)
                    return true
                } otherwise: { call in
                    let (service, age) = (call.arguments.service, call.arguments.maximumAge)
                    give(try await cache.value(for: service, maximumAge: age).value, to: &call)
                }
                hooks.provide(self)
            }
        }

        private func give(_ key: APIKey?, to call: inout StartCall<KeyRequest, KeyAnswer>) {
            if let key { call.answer(key) } else { call.skip("acme", reason: "no such secret") }
        }

        var statistics: CacheStatistics { cache.statistics }

        func report(on request: KeyRequest) -> CachedKeyReport? {
            CachedKeyReport(plugin: id, source: "ai/\(request.service)", names: [], allowsFallback: false)
                .with(cache.summary(of: request.service))
        }

        func invalidate(_ service: Service?) {
            if let service { cache.invalidate(service) } else { cache.invalidateAll() }
        }
    }

    @Test("It reads once, answers without waiting, explains itself and forgets on request")
    func works() async throws {
        let vault = Vault(["ai/openai": "sk-1"])
        let registry = HookRegistry()
        try AcmeVault(vault).register(in: registry)
        let resolver = try KeyResolver(registry: registry, environment: ["GROQ_API_KEY": "gsk-environment"])
        #expect(try resolver.cachedAPIKey(service: "openai") == nil)
        for _ in 1...3 { #expect(try await resolver.getAPIKey(service: "openai") == APIKey("sk-1")) }
        #expect(try resolver.cachedAPIKey(service: "openai") == APIKey("sk-1"))
        #expect(vault.reads == 1)
        #expect(try resolver.explain(service: "openai").cached.map(\.state) == [.fresh])

        #expect(try await resolver.getAPIKey(service: "groq") == APIKey("gsk-environment"))
        #expect(try resolver.explain(service: "groq").cached.map(\.state) == [.absent])

        resolver.invalidate("openai")
        #expect(try await resolver.getAPIKey(service: "openai") == APIKey("sk-1"))
        #expect(try await resolver.getAPIKey(service: "openai", refresh: true) == APIKey("sk-1"))
        #expect(vault.reads == 4)
        #expect(resolver.cacheStatistics["acme"]?.loads == 4)
    }
}
