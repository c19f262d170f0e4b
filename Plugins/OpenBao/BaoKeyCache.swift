import ExtensionHooks
import KeyHooks

/// The plugin's cache as resolvers show and empty it.
struct BaoKeyCache: KeyCache {
    let keys: BaoKeys

    var id: HookID { HookID(OpenBaoPlugin.id) }

    var statistics: CacheStatistics {
        var statistics = keys.cache.statistics
        statistics.hits += keys.memo.hits
        return statistics
    }

    var warnings: [String] {
        let evictions = keys.cache.statistics.evictionsInUse
        return keys.doubts + keys.remarks.all + (evictions > 0 ? [keys.crowded(evictions)] : [])
    }

    func takeWarnings() -> [String] {
        keys.remarks.takeNew() + (keys.cache.takeEvictionsInUse().map { [keys.crowded($0)] } ?? [])
    }

    func report(on request: KeyRequest) -> CachedKeyReport? {
        let question = KeyQuestion(request)
        let allowsFallback = (question.rule?.fallback ?? keys.fallback) == .unavailable
        do {
            guard let route = try keys.routes.route(for: question) else { return nil }
            var report = CachedKeyReport(
                plugin: id.plugin,
                source: route.address.place,
                names: route.choice.names,
                allowsFallback: allowsFallback
            )
            .with(keys.cache.summary(of: route.address))
            report.servers = keys.servers
            report.serverSettings = keys.serverSettings
            switch keys.cache.peek(route.address) {
            case .secret(let secret)?:
                report.version = secret.version
                if case .missing(let unset) = route.choice.value(in: secret.fields) {
                    let reason = FieldAdvice(route: route).reason(unset: unset, in: secret.fields)
                    report.detail = report.detail ?? reason
                }
            case .absent(let absence)?: report.detail = absence.description(of: route.address)
            case nil: break
            }
            return report
        } catch {
            var report = CachedKeyReport(plugin: id.plugin, source: "nowhere", names: [], allowsFallback: allowsFallback)
            report.state = .failed
            report.detail = error.message
            return report
        }
    }

    func invalidate(_ service: Service?) {
        defer { keys.memo.removeAll() }
        guard let service else { return keys.cache.invalidateAll() }
        keys.cache.invalidate { keys.routes.mayHold($0, keyOf: service) }
    }
}
