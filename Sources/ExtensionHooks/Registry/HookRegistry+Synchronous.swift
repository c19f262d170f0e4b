extension HookRegistry {
    /// Registers one start hook of a synchronous point.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - action: Runs before the body; it may answer, deny or rewrite the arguments.
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``HookRegistrationError``.
    @discardableResult
    public func onStart<Arguments, Output>(
        _ point: SynchronousHookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        _ action: @escaping @Sendable (inout StartCall<Arguments, Output>) throws -> Void
    ) throws -> HookRegistration {
        try register { $0.onStart(point, id: id, priority: priority, before: before, after: after, action) }
    }

    /// Registers one end hook of a synchronous point.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - action: Runs after the body, in reverse order, whatever the outcome; it may replace the result.
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``HookRegistrationError``.
    @discardableResult
    public func onEnd<Arguments, Output>(
        _ point: SynchronousHookPoint<Arguments, Output>,
        id: HookID,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) throws -> Void
    ) throws -> HookRegistration {
        try register { $0.onEnd(point, id: id, priority: priority, before: before, after: after, action) }
    }
}
