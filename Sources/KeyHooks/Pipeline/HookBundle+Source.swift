public import ExtensionHooks
public import LightFoundation

extension HookBundle {
    /// Answers for main keys and named fields from a source.
    ///
    /// What is read is kept in a ``CachePolicy``'s terms, read once however many callers want it, renewed ahead of its
    /// end, and bridges an outage within bounds. What the user says of a service holds: `ttl`, `fallback`, and `plugins`
    /// or `only`, which also ask a source for a service that isn't among `services`. A read that takes too long counts
    /// as a source that can't be reached. Explanations show the source, `invalidate` empties it, and a source that has
    /// nothing is reported where a weaker one answers.
    ///
    /// The plugin's section in the configuration may say what ``SourceSettings`` lists. That of a plugin which isn't a
    /// ``KeyPlugin`` may say nothing else, and nothing in a service's section of its own.
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - id: `plugin` or `plugin/hook`, unique for both points.
    ///   - services: The services that it is for, as ids and patterns; nil for all that its locations take.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - settings: How long what it brings is believed, and how long a read may take, where the plugin's section says
    ///     nothing; nil for the defaults.
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
        let (settings, isForSome) = (settings ?? SourceSettings(), services != nil)
        let add = { @Sendable (hooks: inout HookBundle, section: PluginSection?, form: @escaping Form) in
            let own = section?.sourceSettings(over: settings) ?? settings
            let made = KeyPipeline(from: source, id: id, isForSome: isForSome, settings: own, clock: clock, date: date)
            for point in HookPoint.ofKeys { hooks.add(made, at: point, services, priority, before, after) }
            hooks.show(made, form: form)
        }
        if let section = SourceSettings.ofPlugins[id.plugin] { return add(&self, section) { _ in nil } }
        attach(ServiceSettingsCheck(ofSource: Source.self, of: id.plugin), for: id)
        if let own = conditions as? SourceSections { return add(&self, own.section(of: id.plugin)) { _ in nil } }
        // The configuration isn't known yet, and each resolver has its own.
        let (registration, empty) = (SourceSections.Registration(), self.empty)
        add(&self, nil) { sections in
            (sections as? SourceSections)?
                .hooks(of: registration, id.plugin) { section in
                    var hooks = empty
                    add(&hooks, section) { _ in nil }
                    return hooks
                }
        }
    }

    /// Answers for main keys and named fields from the source that a plugin is.
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - plugin: The plugin, whose only hook it is.
    ///   - services: The services that it is for, as ids and patterns; nil for all that its locations take.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - settings: How long what it brings is believed, and how long a read may take, where the plugin's section says
    ///     nothing; nil for the defaults.
    @_disfavoredOverload
    public mutating func answer(
        from source: some KeySource,
        id plugin: PluginID,
        services: ServiceFilter? = nil,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        settings: SourceSettings? = nil
    ) {
        let id = HookID(plugin)
        answer(
            from: source,
            id: id,
            services: services,
            priority: priority,
            before: before,
            after: after,
            settings: settings
        )
    }

    /// Answers through a pipeline that its plugin keeps a hold of, or that serves several registries.
    package mutating func answer<Source: KeySource>(
        through pipeline: KeyPipeline<Source>,
        services: ServiceFilter? = nil,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = []
    ) {
        for point in HookPoint.ofKeys { add(pipeline, at: point, services, priority, before, after) }
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

    /// Shows what a pipeline keeps to resolvers, where its hooks were added one by one; see ``attach(_:for:form:)``.
    package mutating func show(_ pipeline: KeyPipeline<some KeySource>, form: @escaping Form = { _ in nil }) {
        attach(SourceReport(pipeline: pipeline), for: pipeline.id, form: form)
    }
}
