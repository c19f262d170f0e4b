public import ExtensionHooks

extension HookBundle {
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
    @inlinable
    public mutating func onStart<Output>(
        _ point: HookPoint<KeyRequest, Output>,
        id: HookID,
        services: ServiceFilter,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout StartCall<KeyRequest, Output>) throws -> Void
    ) {
        show(id, at: point.name) { !$0.isFor(services) }
        onStart(
            point,
            id: id,
            priority: priority,
            before: before,
            after: after,
            onFailure: onFailure
        ) { call in
            if call.arguments.isFor(services) { try action(&call) }
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
    @inlinable
    public mutating func onStart<Output>(
        _ point: HookPoint<KeyRequest, Output>,
        id: HookID,
        services: ServiceFilter,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout StartCall<KeyRequest, Output>) async throws -> Void
    ) {
        show(id, at: point.name) { !$0.isFor(services) }
        onStart(
            point,
            id: id,
            priority: priority,
            before: before,
            after: after,
            onFailure: onFailure,
            deadline: deadline
        ) { call in
            if call.arguments.isFor(services) { try await action(&call) }
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
    @inlinable
    public mutating func onEnd<Output>(
        _ point: HookPoint<KeyRequest, Output>,
        id: HookID,
        services: ServiceFilter,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping @Sendable (inout EndCall<KeyRequest, Output>) throws -> Void
    ) {
        show(id, at: point.name) { !services.contains($0.service) }
        onEnd(
            point,
            id: id,
            priority: priority,
            before: before,
            after: after,
            onFailure: onFailure
        ) { call in
            if services.contains(call.arguments.service) { try action(&call) }
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
    @inlinable
    public mutating func onEnd<Output>(
        _ point: HookPoint<KeyRequest, Output>,
        id: HookID,
        services: ServiceFilter,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        deadline: Duration? = nil,
        _ action: @escaping @Sendable (inout EndCall<KeyRequest, Output>) async throws -> Void
    ) {
        show(id, at: point.name) { !services.contains($0.service) }
        onEnd(
            point,
            id: id,
            priority: priority,
            before: before,
            after: after,
            onFailure: onFailure,
            deadline: deadline
        ) { call in
            if services.contains(call.arguments.service) { try await action(&call) }
        }
    }
}
