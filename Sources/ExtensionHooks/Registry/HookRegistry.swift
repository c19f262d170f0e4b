import Synchronization

/// Where hooks are registered, and where extensible functions find them.
///
/// A registry is made where a program is put together and handed to whoever needs it; there is no global one here.
/// Registering, cancelling and deriving are safe at any time and from any thread, within a running hook too: a call
/// goes on with the hooks it began with.
public final class HookRegistry: Sendable {
    let core: RegistryCore
    let layer: Int

    /// What a derived registry was derived from; keeps it alive.
    private let parent: HookRegistry?

    /// Makes an empty registry.
    ///
    /// - Parameters:
    ///   - maximumDepth: How deeply hooks may call extension points from within hooks, at least 1.
    ///   - clock: The clock of deadlines and of the durations in records.
    public init(maximumDepth: Int = 16, clock: some Clock<Duration> = ContinuousClock()) {
        precondition(maximumDepth >= 1, "maximumDepth must be at least 1")
        core = RegistryCore(settings: CallSettings(maximumDepth: maximumDepth, clock: AnyClock(clock)))
        layer = core.add(RegistryLayer())
        parent = nil
    }

    private init(parent: HookRegistry, layer: Int) {
        core = parent.core
        self.layer = layer
        self.parent = parent
    }

    deinit {
        core.remove(layer)
    }

    /// Registers a set of hooks and observers, all or none.
    ///
    /// ```swift
    /// let registration = try registry.register { hooks in
    ///     hooks.onStart(.getAPIKey, id: "acme/vault", before: ["acme/cache"]) { call in … }
    ///     hooks.onEnd(.getAPIKey, id: "acme/audit") { call in … }
    /// }
    /// ```
    ///
    /// - Parameter build: Adds the hooks to the bundle it is given.
    /// - Returns: A token that takes the whole set away again. Dropping the token does not.
    /// - Throws: A ``HookRegistrationError``, or what `build` throws; then nothing was registered.
    @discardableResult
    public func register(_ build: (inout HookBundle) throws -> Void) throws -> HookRegistration {
        var bundle = HookBundle(clock: core.settings.clock)
        try build(&bundle)
        return try core.add(bundle, to: layer)
    }

    /// The hooks of a point in running order, then the disabled ones, each with the reason for its place.
    ///
    /// - Parameters:
    ///   - point: The point.
    ///   - arguments: The arguments of a call, to see whose filter would exclude it; nil to leave the filters aside.
    /// - Returns: A description that calls no hook.
    public func order<Arguments, Output>(
        of point: HookPoint<Arguments, Output>,
        for arguments: Arguments? = nil
    ) -> [HookPlacement] {
        core.current.placements(of: point.key, for: arguments, in: layer)
    }

    /// The hooks of a synchronous point in running order, then the disabled ones, each with the reason for its place.
    ///
    /// - Parameters:
    ///   - point: The point.
    ///   - arguments: The arguments of a call, to see whose filter would exclude it; nil to leave the filters aside.
    /// - Returns: A description that calls no hook.
    public func order<Arguments, Output>(
        of point: SynchronousHookPoint<Arguments, Output>,
        for arguments: Arguments? = nil
    ) -> [HookPlacement] {
        core.current.placements(of: point.key, for: arguments, in: layer)
    }

    /// The values of a type that bundles brought, sorted by the ids for which they were attached.
    ///
    /// - Parameter type: The type, or a protocol to which they conform.
    /// - Returns: What is attached here and in what this registry was derived from, without what is disabled here.
    public func attachments<Value>(of type: Value.Type) -> [Value] {
        core.current.attachments(of: layer).compactMap { $0.value as? Value }
    }

    /// Makes a registry that has the hooks of this one, with some added and some switched off.
    ///
    /// The derived registry follows this one: what is registered or cancelled here later appears there as well. Use it
    /// for one tenant, one request or one test.
    ///
    /// - Parameters:
    ///   - disabling: Hook ids, or plugin ids for all hooks of a plugin, that do not run in the derived registry. They
    ///     stay listed in ``order(of:for:)-(HookPoint<Arguments,Output>,_)`` as disabled, and what was attached for
    ///     them is not shown. What `adding` adds is not affected.
    ///   - asking: Plugins; of the hooks with a start half only theirs run, and only what was attached for them is
    ///     shown. Hooks with an end half alone are not affected, since they watch and do not answer. Nil for no such
    ///     limit.
    ///   - adding: Adds hooks to the bundle it is given.
    /// - Returns: The derived registry.
    /// - Throws: A ``HookRegistrationError``, or what `adding` throws.
    public func derived(
        disabling: [HookID] = [],
        asking: [PluginID]? = nil,
        adding: (inout HookBundle) throws -> Void = { _ in }
    ) throws -> HookRegistry {
        let own = RegistryLayer(parent: layer, disabled: disabling, asked: asking)
        let derived = HookRegistry(parent: self, layer: core.add(own))
        try derived.register(adding)
        return derived
    }

    /// Pins the order of hooks, over their priorities and their `before:` and `after:`.
    ///
    /// The pinned hooks run first and in the given order; the others follow as their own rules say.
    ///
    /// - Parameter ids: Hook ids, or plugin ids for all hooks of a plugin. Ids that are not registered have no effect
    ///   until they are. An empty list ends the pinning; in a derived registry the parent's pinning then holds again.
    /// - Throws: A ``HookRegistrationError`` if the rules of the hooks that are not pinned contradict each other, which
    ///   the previous pinning may have settled.
    public func pinOrder(_ ids: [HookID]) throws {
        try core.pin(ids, in: layer)
    }
}
