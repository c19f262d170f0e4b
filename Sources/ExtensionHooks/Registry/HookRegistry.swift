import Synchronization

/// Where hooks are registered, and where extensible functions find them.
///
/// A registry is made where a program is put together and handed to whoever needs it; there is no global one here.
/// Registering, cancelling and deriving are safe at any time and from any thread, within a running hook too: a call goes
/// on with the hooks it began with.
public final class HookRegistry: Sendable {
    let family: RegistryFamily
    let node: Int

    /// What a derived registry was derived from; keeps it alive.
    private let parent: HookRegistry?

    /// Makes an empty registry.
    ///
    /// - Parameters:
    ///   - maximumDepth: How deeply hooks may call extension points from within hooks, at least 1.
    ///   - clock: The clock of deadlines and of the durations in records.
    public init(maximumDepth: Int = 16, clock: some Clock<Duration> = ContinuousClock()) {
        precondition(maximumDepth >= 1, "maximumDepth must be at least 1")
        family = RegistryFamily(settings: CallSettings(maximumDepth: maximumDepth, clock: HookClock(clock)))
        node = family.addNode(RegistryNode())
        parent = nil
    }

    init(parent: HookRegistry, node: Int) {
        family = parent.family
        self.node = node
        self.parent = parent
    }

    deinit {
        family.removeNode(node)
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
        var bundle = HookBundle(clock: family.settings.clock)
        try build(&bundle)
        return try family.add(bundle, to: node)
    }

    /// The hooks of a point in running order, then the disabled ones, each with the reason for its place.
    ///
    /// - Parameter point: The point.
    /// - Returns: A description that calls no hook.
    public func order<Arguments, Output>(of point: HookPoint<Arguments, Output>) -> [HookPlacement] {
        family.order(of: point.key, in: node)
    }

    /// The hooks of a synchronous point in running order, then the disabled ones, each with the reason for its place.
    ///
    /// - Parameter point: The point.
    /// - Returns: A description that calls no hook.
    public func order<Arguments, Output>(of point: SynchronousHookPoint<Arguments, Output>) -> [HookPlacement] {
        family.order(of: point.key, in: node)
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
        try family.pin(ids, in: node)
    }

    func slot<Entry>(for key: PointKey, as type: HookSlot<Entry>.Type) -> HookSlot<Entry> {
        family.slot(for: key, in: node, as: type)
    }
}
