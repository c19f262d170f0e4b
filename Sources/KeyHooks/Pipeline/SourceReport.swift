import ExtensionHooks

/// What a pipeline keeps, as resolvers show and empty it.
struct SourceReport<Source: KeySource>: KeyCache {
    let pipeline: KeyPipeline<Source>

    /// Whether one of its hooks is asked for a main key.
    let isAsked: @Sendable (KeyRequest) -> Bool

    var id: HookID { pipeline.id }

    var statistics: CacheStatistics {
        var statistics = pipeline.cache.statistics
        statistics.hits += pipeline.memo.hits
        return statistics
    }

    var warnings: [String] {
        let evictions = pipeline.cache.statistics.evictionsInUse
        return pipeline.details.warnings() + (evictions > 0 ? [crowded(evictions)] : [])
    }

    func takeWarnings() -> [String] {
        pipeline.details.takeRemarks() + (pipeline.cache.takeEvictionsInUse().map { [crowded($0)] } ?? [])
    }

    private func crowded(_ evictions: Int) -> String {
        pipeline.details.crowded(evictions, pipeline.cache.policy.capacity)
    }

    func report(on request: KeyRequest) -> CachedKeyReport? {
        guard isAsked(request) else { return nil }
        let fallback = request.rule?.fallback ?? pipeline.settings.fallback
        func report(_ place: String) -> CachedKeyReport {
            CachedKeyReport(plugin: id.plugin, source: place, names: [], allowsFallback: fallback == .unavailable)
        }
        do {
            guard let place = try pipeline.place(for: request) else { return nil }
            let name = pipeline.source.place(of: place.location)
            var shown = report(name.isEmpty ? pipeline.details.unnamedPlace : name)
                .with(pipeline.cache.summary(of: place))
            if Source.Reading.Content.self == [String: String].self { shown.names = request.names }
            let reading = pipeline.cache.peek(place)
            shown.version = reading?.version
            if let content = reading?.content {
                if case .absent(let reason, _, _)? = try? pipeline.source.key(for: request, in: content).pick {
                    shown.detail = shown.detail ?? reason
                }
            } else if let reading, !reading.reason.isEmpty {
                shown.detail = shown.detail ?? reading.reason
            }
            pipeline.details.complete(&shown, request, place.location, reading?.content)
            return shown
        } catch {
            var shown = report("nowhere")
            shown.state = .failed
            shown.detail = (error as? KeyResolutionError)?.message ?? valueFreeDescription(of: error)
            return shown
        }
    }

    func invalidate(_ service: Service?) { pipeline.invalidate(service) }
}
