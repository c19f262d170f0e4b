extension HookBundle {
    /// Adds a start hook of a synchronous point.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``FailurePolicy/fail``.
    ///   - action: Runs before the body; it may answer, deny or rewrite the arguments.
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

    /// Adds an end hook of a synchronous point; it always runs.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``FailurePolicy/continue``.
    ///   - action: Runs after the body, in reverse order, whatever the outcome; it may replace the result.
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

    /// Adds a start hook of a synchronous point and its end.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if a half throws; nil means the default of each half.
    ///   - start: Runs before the body; it may answer, deny or rewrite the arguments.
    ///   - end: Runs after the body exactly if `start` returned, whether it answered or not.
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
