import ExtensionHooks
import JSON5Syntax
import KeyHooks

/// What is kept of a plugin's answers, as resolvers show and empty it.
struct PluginKeyCache: KeyCache {
    let plugin: RunningPlugin
    let catalogue: ServiceCatalogue

    var id: HookID { plugin.id }

    var statistics: CacheStatistics { plugin.cache.statistics }

    func report(on request: KeyRequest) -> CachedKeyReport? {
        let hooks = plugin.identity.manifest.hooks.filter { $0.point == .getAPIKey && $0.phase == .start }
        let isAsked = hooks.contains { hook in
            hook.filter(in: catalogue).map { request.isFor($0) } ?? true
        }
        guard isAsked else { return nil }
        let question = request.question
        return CachedKeyReport(
            plugin: id,
            source: "asked of the plugin itself",
            names: [],
            allowsFallback: question.rule?.fallback == .unavailable
        )
        .with(plugin.cache.summary(of: question))
    }

    func invalidate(_ service: Service?) {
        guard let service else { return plugin.cache.invalidateAll() }
        plugin.cache.invalidate { $0.service == service }
        guard let session = plugin.runner as? PluginSession else { return }
        let arguments = JSONNode.object(["service": .string(service.id)])
        session.invalidate(point: "getAPIKey", arguments: arguments, reason: "invalidated")
    }
}
