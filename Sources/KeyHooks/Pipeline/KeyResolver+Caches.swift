public import ExtensionHooks

extension KeyResolver {
    /// The caches of all plugins whose hooks this resolver asks.
    var caches: [any KeyCache] {
        state.hooks.registry.attachments(of: (any KeyCache).self)
    }

    /// What the caches of plugins have done so far, by plugin.
    public var cacheStatistics: [PluginID: CacheStatistics] {
        Dictionary(caches.map { ($0.id.plugin, $0.statistics) }) { $0 + $1 }
    }

    /// Forgets the keys of a service in the caches of all plugins: the next call asks their sources.
    ///
    /// What a read under way brings is not kept either. Other keys that are kept in the same secret are forgotten too.
    /// The process environment and the files aren't caches; a call with `refresh` reads files again that were changed.
    ///
    /// - Parameter service: The service; an alias will do.
    public func invalidate(_ service: Service) {
        for cache in caches { cache.invalidate(catalogue.canonical(service)) }
    }

    /// Forgets everything in the caches of all plugins.
    public func invalidateAll() {
        for cache in caches { cache.invalidate(nil) }
    }

    /// The main key of a service if nobody has to be waited for, for code that cannot `await`.
    ///
    /// Hooks are asked as ever, those that deny included. A plugin with a cache answers from it, and renews in the
    /// background what is stale.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    /// - Returns: The key; nil if nobody has one, none is required, or somebody would have to be waited for.
    /// - Throws: As ``resolve(service:scope:maximumAge:refresh:)``.
    public func cachedAPIKey(
        service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil
    ) throws -> APIKey? {
        let state = try state(under: maximumAge)
        let resolved = try state.resolved(service, under: scope.profile)
        let answer = try askWithoutWaiting(resolved.request(scope, maximumAge), of: resolved, in: state)
        return if case .found(let key) = answer { key } else { nil }
    }
}
