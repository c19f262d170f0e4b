extension HookBundle {
    /// Adds a start hook that cannot wait, and perhaps its end; it may answer, rewrite or deny.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - filter: For which calls it is run; nil for all.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if a half throws; nil means ``FailurePolicy/fail`` for the start and
    ///     ``FailurePolicy/continue`` for the end.
    ///   - action: Runs before the body; it may answer, deny or rewrite the arguments.
    ///   - end: Runs after the body exactly if the start returned, whether it answered or not; nil for none.
    public mutating func onStart<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        filter: HookFilter<Arguments>? = nil,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Void,
        end: (@Sendable (inout EndCall<Arguments, Output>) throws -> Void)? = nil
    ) {
        let constraints = HookConstraints(id: id, priority: priority, before: before, after: after)
        let hook = Hook(constraints, filter, onFailure, start: .immediate(action), end: end.map { .immediate($0) })
        add(hook, at: point.key)
    }

    /// Adds a start hook that may wait, and perhaps its end; it may answer, rewrite or deny.
    ///
    /// An end that may wait runs in a task of its own, so that cancelling the caller does not cut its work short.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - filter: For which calls it is run; nil for all.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if a half throws; nil means ``FailurePolicy/fail`` for the start and
    ///     ``FailurePolicy/continue`` for the end.
    ///   - deadline: How long a half has before it is cancelled and counts as failed; nil for any time.
    ///   - action: Runs before the body; it may answer, deny or rewrite the arguments.
    ///   - end: Runs after the body exactly if the start returned, whether it answered or not; nil for none.
    public mutating func onStart<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        filter: HookFilter<Arguments>? = nil,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout StartCall<Arguments, Output>) async throws -> Void,
        end: (@Sendable (inout EndCall<Arguments, Output>) async throws -> Void)? = nil
    ) {
        let constraints = HookConstraints(id: id, priority: priority, before: before, after: after)
        let hook = Hook(
            constraints,
            filter,
            onFailure,
            start: .waiting,
            waitingStart: limited(deadline, action),
            end: end.map { .waiting(limited(deadline, $0)) }
        )
        add(hook, at: point.key)
    }

    /// Adds a start hook that answers at once if it can, as from a cache, and waits only where it cannot.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - filter: For which calls it is run; nil for all.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if a half throws; nil means ``FailurePolicy/fail`` for the start and
    ///     ``FailurePolicy/continue`` for the end.
    ///   - deadline: How long `action` and `end` have before they are cancelled and count as failed; nil for any time.
    ///   - attempt: Runs first and cannot wait. It returns whether the hook is done, with a result or without; if not,
    ///     it must have changed nothing.
    ///   - action: Runs if `attempt` said that it is not done.
    ///   - end: Runs after the body exactly if the start returned, whether it answered or not; nil for none.
    public mutating func onStart<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        filter: HookFilter<Arguments>? = nil,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        attempting attempt: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Bool,
        otherwise action: @escaping @Sendable (inout StartCall<Arguments, Output>) async throws -> Void,
        end: (@Sendable (inout EndCall<Arguments, Output>) async throws -> Void)? = nil
    ) {
        let constraints = HookConstraints(id: id, priority: priority, before: before, after: after)
        let hook = Hook(
            constraints,
            filter,
            onFailure,
            start: .attempting(attempt),
            waitingStart: limited(deadline, action),
            end: end.map { .waiting(limited(deadline, $0)) }
        )
        add(hook, at: point.key)
    }

    /// Adds a start hook of a synchronous point, and perhaps its end; it may answer, rewrite or deny.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - filter: For which calls it is run; nil for all.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if a half throws; nil means ``FailurePolicy/fail`` for the start and
    ///     ``FailurePolicy/continue`` for the end.
    ///   - action: Runs before the body; it may answer, deny or rewrite the arguments.
    ///   - end: Runs after the body exactly if the start returned, whether it answered or not; nil for none.
    public mutating func onStart<Arguments, Output>(
        _ point: SynchronousHookPoint<Arguments, Output>,
        id: HookID,
        filter: HookFilter<Arguments>? = nil,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Void,
        end: (@Sendable (inout EndCall<Arguments, Output>) throws -> Void)? = nil
    ) {
        let constraints = HookConstraints(id: id, priority: priority, before: before, after: after)
        let hook = Hook(constraints, filter, onFailure, start: .immediate(action), end: end.map { .immediate($0) })
        add(hook, at: point.key)
    }
}
