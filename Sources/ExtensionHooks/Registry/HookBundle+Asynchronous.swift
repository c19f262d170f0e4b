extension HookBundle {
    /// Adds a start hook that cannot wait; it may answer, rewrite or deny. See ``HookBundle`` for the parameters.
    ///
    /// - Parameter action: Runs before the body. It sets `call.result` to answer or deny, and changes
    ///   `call.arguments` to rewrite.
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

    /// Adds a start hook that may wait; it may answer, rewrite or deny. See ``HookBundle`` for the parameters.
    ///
    /// - Parameter action: Runs before the body. It sets `call.result` to answer or deny, and changes
    ///   `call.arguments` to rewrite.
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
        let start = limited(deadline, action)
        add(AsyncHook<Arguments, Output>(rule: rule, onFailure: onFailure, start: start), at: point.key)
    }

    /// Adds an end hook that cannot wait; it always runs. See ``HookBundle`` for the parameters.
    ///
    /// - Parameter action: Runs after the body or after the hook that answered, in reverse order, whatever the outcome.
    ///   It may replace `call.result`.
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

    /// Adds an end hook that may wait; it always runs. See ``HookBundle`` for the parameters.
    ///
    /// It runs in a task of its own, so that cancelling the caller does not cut its work short.
    ///
    /// - Parameter action: Runs after the body or after the hook that answered, in reverse order, whatever the outcome.
    ///   It may replace `call.result`.
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
        let end = limited(deadline, action)
        add(AsyncHook<Arguments, Output>(rule: rule, onFailure: onFailure, end: end), at: point.key)
    }
}
