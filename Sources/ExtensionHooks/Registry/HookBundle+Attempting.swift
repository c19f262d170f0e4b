extension HookBundle {
    /// Adds a start hook that answers at once if it can, as from a cache, and waits only where it cannot.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if either closure throws; nil means ``FailurePolicy/fail``.
    ///   - deadline: How long `action` has before it is cancelled and counts as failed; nil for any time.
    ///   - attempt: Runs first and cannot wait. It returns whether the hook is done, with a result or without; if not,
    ///     it must have changed nothing.
    ///   - action: Runs if `attempt` said that it is not done.
    public mutating func onStart<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        attempting attempt: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Bool,
        otherwise action: @escaping @Sendable (inout StartCall<Arguments, Output>) async throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        let otherwise = HookAction.suspending(limited(deadline, action))
        let hook = AsyncHook<Arguments, Output>(
            rule: rule,
            onFailure: onFailure,
            start: .attempting(attempt),
            otherwise: otherwise
        )
        add(hook, at: point.key)
    }
}
