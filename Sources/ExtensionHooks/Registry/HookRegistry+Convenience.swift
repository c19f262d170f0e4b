extension HookRegistry {
    /// Registers one start hook that cannot wait.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``FailurePolicy/fail``.
    ///   - action: Runs before the body; it may answer, deny or rewrite the arguments.
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``HookRegistrationError``.
    @discardableResult
    public func onStart<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Void
    ) throws -> HookRegistration {
        try register { hooks in
            hooks.onStart(
                point,
                id: id,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                action
            )
        }
    }

    /// Registers one start hook that may wait.
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
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``HookRegistrationError``.
    @discardableResult
    public func onStart<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout StartCall<Arguments, Output>) async throws -> Void
    ) throws -> HookRegistration {
        try register { hooks in
            hooks.onStart(
                point,
                id: id,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                deadline: deadline,
                action
            )
        }
    }

    /// Registers one end hook that cannot wait.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``FailurePolicy/continue``.
    ///   - action: Runs after the body, in reverse order, whatever the outcome; it may replace the result.
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``HookRegistrationError``.
    @discardableResult
    public func onEnd<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) throws -> Void
    ) throws -> HookRegistration {
        try register { hooks in
            hooks.onEnd(
                point,
                id: id,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                action
            )
        }
    }

    /// Registers one end hook that may wait.
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
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``HookRegistrationError``.
    @discardableResult
    public func onEnd<Arguments, Output>(
        _ point: HookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) async throws -> Void
    ) throws -> HookRegistration {
        try register { hooks in
            hooks.onEnd(
                point,
                id: id,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                deadline: deadline,
                action
            )
        }
    }

    /// Registers one observer of every call in which hooks or observers take part.
    ///
    /// - Parameter observe: Is shown the value-free record of a call after the call is over.
    /// - Returns: A token that takes the observer away again.
    @discardableResult
    public func observe(_ observe: @escaping @Sendable (CallRecord) -> Void) -> HookRegistration {
        var bundle = HookBundle(clock: family.settings.clock)
        bundle.observe(observe)
        return family.addObservers(of: bundle, to: node)
    }
}
