extension HookBundle {
    /// Adds a start hook that cannot wait; it may answer, rewrite or deny.
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
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        add(AsyncHook<Arguments, Output>(rule: rule, onFailure: onFailure, start: .immediate(action)), at: point.key)
    }

    /// Adds a start hook that may wait; it may answer, rewrite or deny.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``FailurePolicy/fail``.
    ///   - deadline: How long it has before it is cancelled and counts as failed; nil for any time.
    ///   - action: Runs before the body; it may answer, deny or rewrite the arguments.
    public mutating func onStart<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout StartCall<Arguments, Output>) async throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        let start = HookAction.suspending(limited(deadline, action))
        add(AsyncHook<Arguments, Output>(rule: rule, onFailure: onFailure, start: start), at: point.key)
    }

    /// Adds an end hook that cannot wait; it always runs.
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
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        add(AsyncHook<Arguments, Output>(rule: rule, onFailure: onFailure, end: .immediate(action)), at: point.key)
    }

    /// Adds an end hook that may wait; it always runs.
    ///
    /// It runs in a task of its own, so that cancelling the caller does not cut its work short.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``FailurePolicy/continue``.
    ///   - deadline: How long it has before it is cancelled and counts as failed; nil for any time.
    ///   - action: Runs after the body, in reverse order, whatever the outcome; it may replace the result.
    public mutating func onEnd<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) async throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        let end = HookAction.suspending(limited(deadline, action))
        add(AsyncHook<Arguments, Output>(rule: rule, onFailure: onFailure, end: end), at: point.key)
    }
}
