extension HookBundle {
    /// Adds a start hook of a synchronous point. See ``HookBundle`` for the parameters.
    ///
    /// - Parameter action: Runs before the body; it may answer, rewrite or deny.
    public mutating func onStart<Arguments, Output>(
        _ point: SynchronousHookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        add(SynchronousHook<Arguments, Output>(rule: rule, onFailure: onFailure, start: action), at: point.key)
    }

    /// Adds an end hook of a synchronous point; it always runs. See ``HookBundle`` for the parameters.
    ///
    /// - Parameter action: Runs after the body or after the hook that answered, in reverse order.
    public mutating func onEnd<Arguments, Output>(
        _ point: SynchronousHookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        add(SynchronousHook<Arguments, Output>(rule: rule, onFailure: onFailure, end: action), at: point.key)
    }

    /// Adds a start hook of a synchronous point and its end. See ``HookBundle`` for the parameters.
    ///
    /// - Parameters:
    ///   - start: Runs before the body.
    ///   - end: Runs after the body exactly if `start` ran and returned, whether it answered or not.
    public mutating func on<Arguments, Output>(
        _ point: SynchronousHookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        start: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Void,
        end: @escaping @Sendable (inout EndCall<Arguments, Output>) throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        let hook = SynchronousHook<Arguments, Output>(rule: rule, onFailure: onFailure, start: start, end: end)
        add(hook, at: point.key)
    }
}
