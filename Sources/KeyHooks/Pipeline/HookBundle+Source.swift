public import ExtensionHooks
public import LightFoundation

extension HookBundle {
    /// Answers for main keys and named fields from a source.
    ///
    /// What is read is kept in a ``CachePolicy``'s terms, read once however many callers want it, renewed ahead of its
    /// end, and bridges an outage within bounds. The user's `ttl`, `fallback`, `plugins` and `services` hold; a read
    /// that takes too long counts as a source that can't be reached. Explanations show the source, `invalidate` empties
    /// it, and a source that has nothing is reported where a weaker one answers.
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - id: `plugin` or `plugin/hook`, unique for both points.
    ///   - services: The services that it is for, as ids and patterns; nil for all that its locations take.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - settings: How long what it brings is believed, and how long a read may take; nil for what the plugin's
    ///     section says, where a ``KeyPlugin`` registers itself, and otherwise for the defaults.
    ///   - clock: What TTLs and the timeout are measured with.
    ///   - date: The wall clock, for what the source dates.
    public mutating func answer<Source: KeySource>(
        from source: Source,
        id: HookID,
        services: ServiceFilter? = nil,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        settings: SourceSettings? = nil,
        clock: some Clock<Duration> = ContinuousClock(),
        date: @escaping @Sendable () -> Date = { Date() }
    ) {
        let pipeline = KeyPipeline(
            from: source,
            id: id,
            isForSome: services != nil,
            settings: settings ?? .standard(for: id),
            clock: clock,
            date: date
        )
        answer(through: pipeline, services: services, priority: priority, before: before, after: after)
    }

    /// Answers for main keys and named fields from the source that a plugin is.
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - plugin: The plugin, whose only hook it is.
    ///   - services: The services that it is for, as ids and patterns; nil for all that its locations take.
    ///   - settings: How long what it brings is believed, and how long a read may take; nil for what the plugin's
    ///     section says.
    @_disfavoredOverload
    public mutating func answer(
        from source: some KeySource,
        id plugin: PluginID,
        services: ServiceFilter? = nil,
        settings: SourceSettings? = nil
    ) {
        answer(from: source, id: HookID(plugin), services: services, settings: settings)
    }

    /// Answers through a pipeline that its plugin keeps a hold of, or that serves several registries.
    package mutating func answer<Source: KeySource>(
        through pipeline: KeyPipeline<Source>,
        services: ServiceFilter? = nil,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = []
    ) {
        for point in [HookPoint.getAPIKey, .getSecret] {
            add(pipeline, at: point, services, priority, before, after)
        }
        show(pipeline)
    }

    /// Adds a pipeline to one point, for plugins that say themselves which of the two they answer.
    package mutating func add<Source: KeySource>(
        _ pipeline: KeyPipeline<Source>,
        as id: HookID? = nil,
        at point: HookPoint<KeyRequest, KeyAnswer>,
        _ services: ServiceFilter?,
        _ priority: Int,
        _ before: [HookID],
        _ after: [HookID]
    ) {
        let id = id ?? pipeline.id
        let memo = pipeline.memo
        onStart(
            point,
            id: id,
            filter: services.map { .services($0) },
            priority: priority,
            before: before,
            after: after,
            attempting: { call in memo.answer(&call) || pipeline.attempt(&call) },
            otherwise: { call in try await pipeline.read(&call) }
        )
    }

    /// Shows what a pipeline keeps to resolvers, where its hooks were added one by one.
    package mutating func show<Source: KeySource>(_ pipeline: KeyPipeline<Source>) {
        provide(SourceReport(pipeline: pipeline))
    }
}
