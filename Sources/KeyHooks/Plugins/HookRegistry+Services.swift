public import ExtensionHooks

extension HookRegistry {
    /// Adds a start hook for some services that cannot wait.
    ///
    /// It is skipped for all others, but where the user names it for a service: see ``KeyRule/plugins``.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - services: The services that it is for, as ids and patterns, such as `["openai", "azure*"]`.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``ExtensionHooks/FailurePolicy/fail``.
    ///   - action: Runs before the body; it may answer, deny or rewrite the arguments.
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``ExtensionHooks/HookRegistrationError``.
    @discardableResult
    public func onStart<Output>(
        _ point: HookPoint<KeyRequest, Output>,
        id: HookID,
        services: ServiceFilter,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout StartCall<KeyRequest, Output>) throws -> Void
    ) throws -> HookRegistration {
        try register { hooks in
            hooks.onStart(
                point,
                id: id,
                services: services,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                action
            )
        }
    }

    /// Adds a start hook for some services that may wait.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - services: The services that it is for, as ids and patterns, such as `["openai", "azure*"]`.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``ExtensionHooks/FailurePolicy/fail``.
    ///   - deadline: How long it has before it is cancelled and counts as failed; nil for any time.
    ///   - action: Runs before the body; it may answer, deny or rewrite the arguments.
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``ExtensionHooks/HookRegistrationError``.
    @discardableResult
    public func onStart<Output>(
        _ point: HookPoint<KeyRequest, Output>,
        id: HookID,
        services: ServiceFilter,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout StartCall<KeyRequest, Output>) async throws -> Void
    ) throws -> HookRegistration {
        try register { hooks in
            hooks.onStart(
                point,
                id: id,
                services: services,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                deadline: deadline,
                action
            )
        }
    }

    /// Adds an end hook for some services that cannot wait.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - services: The services that it is for, as ids and patterns, such as `["openai", "azure*"]`.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``ExtensionHooks/FailurePolicy/continue``.
    ///   - action: Runs when the outcome is known; it may replace it.
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``ExtensionHooks/HookRegistrationError``.
    @discardableResult
    public func onEnd<Output>(
        _ point: HookPoint<KeyRequest, Output>,
        id: HookID,
        services: ServiceFilter,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout EndCall<KeyRequest, Output>) throws -> Void
    ) throws -> HookRegistration {
        try register { hooks in
            hooks.onEnd(
                point,
                id: id,
                services: services,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                action
            )
        }
    }

    /// Adds an end hook for some services that may wait.
    ///
    /// - Parameters:
    ///   - point: The point to take part in.
    ///   - id: `plugin` or `plugin/hook`, unique for the point.
    ///   - services: The services that it is for, as ids and patterns, such as `["openai", "azure*"]`.
    ///   - priority: Lower runs first.
    ///   - before: Hooks or plugins that it must precede.
    ///   - after: Hooks or plugins that it must follow.
    ///   - onFailure: What becomes of the call if the hook throws; nil means ``ExtensionHooks/FailurePolicy/continue``.
    ///   - deadline: How long it has before it is cancelled and counts as failed; nil for any time.
    ///   - action: Runs when the outcome is known; it may replace it.
    /// - Returns: A token that takes the hook away again.
    /// - Throws: A ``ExtensionHooks/HookRegistrationError``.
    @discardableResult
    public func onEnd<Output>(
        _ point: HookPoint<KeyRequest, Output>,
        id: HookID,
        services: ServiceFilter,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout EndCall<KeyRequest, Output>) async throws -> Void
    ) throws -> HookRegistration {
        try register { hooks in
            hooks.onEnd(
                point,
                id: id,
                services: services,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                deadline: deadline,
                action
            )
        }
    }
}
