import ExtensionHooks
import KeyHooks

extension KeyCache {
    /// The caches of these tests have nothing odd to tell.
    var warnings: [String] { [] }

    func takeWarnings() -> [String] { [] }
}

/// A plugin as somebody else would write it: a vault behind a cache, for every service but one.
struct CachedVault: Sendable {
    /// The service that it does not answer for.
    static let ignored: Service = "groq"

    var id: HookID = "acme/vault"
    var fixture: CacheFixture

    init(id: HookID = "acme/vault") throws {
        self.id = id
        fixture = try CacheFixture()
    }

    var source: ScriptedSource { fixture.source }

    @discardableResult
    func register(in registry: HookRegistry) throws -> HookRegistration {
        try registry.register { [self] hooks in
            hooks.onStart(.getAPIKey, id: id) { call in
                guard call.arguments.service != Self.ignored else { return true }
                let (key, age) = (call.arguments.service.id, call.arguments.maximumAge)
                guard let hit = try fixture.cache.immediateValue(for: key, maximumAge: age) else { return false }
                give(hit, to: &call)
                return true
            } otherwise: { call in
                let (key, age) = (call.arguments.service.id, call.arguments.maximumAge)
                give(try await fixture.cache.value(for: key, maximumAge: age), to: &call)
            }
            hooks.provide(Shown(plugin: self))
        }
    }

    /// A resolver whose only plugin this is; the environment has a key for "openai".
    func resolver(_ build: (HookRegistry) throws -> Void = { _ in }) throws -> KeyResolver {
        let registry = HookRegistry()
        try register(in: registry)
        try build(registry)
        return try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-env"])
    }

    private func give(_ hit: CacheHit<String>, to call: inout StartCall<KeyRequest, KeyAnswer>) {
        let place = "vault/\(call.arguments.service)"
        if hit.isAbsence { return call.skip(place, reason: hit.value) }
        let provenance = KeyProvenance(source: .hook(id, detail: place), isStale: hit.state == .expired)
        call.answer(APIKey(hit.value, provenance: provenance))
    }

    private struct Shown: KeyCache {
        let plugin: CachedVault

        var id: HookID { plugin.id }
        var statistics: CacheStatistics { plugin.fixture.cache.statistics }

        func report(on request: KeyRequest) -> CachedKeyReport? {
            guard request.service != CachedVault.ignored else { return nil }
            let place = (request.scope.project.map { "\($0)/" } ?? "vault/") + request.service.id
            return CachedKeyReport(plugin: id.plugin, source: place, names: ["value"], allowsFallback: false)
                .with(plugin.fixture.cache.summary(of: request.service.id))
        }

        func reject(_ key: APIKey, from origin: KeyOrigin, for request: KeyRequest) {}

        func invalidate(_ service: Service?) {
            guard let service else { return plugin.fixture.cache.invalidateAll() }
            plugin.fixture.cache.invalidate(service.id)
        }
    }
}
