extension HookBundle {
    /// Adds a start hook and its end, neither of which can wait.
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
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        start: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Void,
        end: @escaping @Sendable (inout EndCall<Arguments, Output>) throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        let hook = AsyncHook<Arguments, Output>(
            rule: rule,
            onFailure: onFailure,
            start: .immediate(start),
            end: .immediate(end)
        )
        add(hook, at: point.key)
    }

    /// Adds a start hook and its end, both of which may wait.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if a half throws; nil means the default of each half.
    ///   - deadline: How long each half has before it is cancelled and counts as failed; nil for any time.
    ///   - start: Runs before the body; it may answer, deny or rewrite the arguments.
    ///   - end: Runs after the body exactly if `start` returned, whether it answered or not.
    public mutating func on<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        start: @escaping @Sendable (inout StartCall<Arguments, Output>) async throws -> Void,
        end: @escaping @Sendable (inout EndCall<Arguments, Output>) async throws -> Void
    ) {
        let rule = PlacementRule(id: id, priority: priority, before: before, after: after)
        let hook = AsyncHook<Arguments, Output>(
            rule: rule,
            onFailure: onFailure,
            start: .suspending(limited(deadline, start)),
            end: .suspending(limited(deadline, end))
        )
        add(hook, at: point.key)
    }
}
