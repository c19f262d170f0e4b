extension HookBundle {
    /// Adds an end hook that cannot wait; it always runs.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - filter: For which calls it is run; nil for all.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``FailurePolicy/continue``.
    ///   - action: Runs after the body, in reverse order, whatever the outcome; it may replace the result.
    public mutating func onEnd<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        filter: HookFilter<Arguments>? = nil,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) throws -> Void
    ) {
        let constraints = HookConstraints(id: id, priority: priority, before: before, after: after)
        let hook = Hook(constraints, filter, onFailure, end: .immediate(action))
        add(hook, at: point.key)
    }

    /// Adds an end hook that may wait; it always runs.
    ///
    /// It runs in a task of its own, so that cancelling the caller does not cut its work short.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - filter: For which calls it is run; nil for all.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``FailurePolicy/continue``.
    ///   - deadline: How long it has before it is cancelled and counts as failed; nil for any time.
    ///   - action: Runs after the body, in reverse order, whatever the outcome; it may replace the result.
    public mutating func onEnd<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        filter: HookFilter<Arguments>? = nil,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) async throws -> Void
    ) {
        let constraints = HookConstraints(id: id, priority: priority, before: before, after: after)
        let hook = Hook(constraints, filter, onFailure, end: .waiting(limited(deadline, action)))
        add(hook, at: point.key)
    }

    /// Adds an end hook of a synchronous point; it always runs.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - filter: For which calls it is run; nil for all.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``FailurePolicy/continue``.
    ///   - action: Runs after the body, in reverse order, whatever the outcome; it may replace the result.
    public mutating func onEnd<Arguments, Output>(
        _ point: SynchronousHookPoint<Arguments, Output>,
        id: HookID,
        filter: HookFilter<Arguments>? = nil,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) throws -> Void
    ) {
        let constraints = HookConstraints(id: id, priority: priority, before: before, after: after)
        let hook = Hook(constraints, filter, onFailure, end: .immediate(action))
        add(hook, at: point.key)
    }
}
