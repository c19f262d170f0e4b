import ExtensionHooks

/// A bundle that registers each action as a hook of the subject's kind.
struct SubjectBundle<Arguments: Sendable, Output: Sendable> {
    let kind: HookKind
    let asynchronousPoint: HookPoint<Arguments, Output>
    let synchronousPoint: SynchronousHookPoint<Arguments, Output>
    var hooks: HookBundle

    mutating func start(
        _ id: HookID,
        priority: Int = HookBundle.defaultPriority,
        before: [HookID] = [],
        after: [HookID] = [],
        onFailure: FailurePolicy? = nil,
        _ action: @escaping StartAction<Arguments, Output> = { _ in }
    ) {
        switch kind {
        case .immediate:
            hooks.onStart(
                asynchronousPoint,
                id: id,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                action
            )
        case .suspending:
            hooks.onStart(
                asynchronousPoint,
                id: id,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure
            ) { call in
                await Task.yield()
                try action(&call)
            }
        case .synchronous:
            hooks.onStart(
                synchronousPoint,
                id: id,
                priority: priority,
                before: before,
                after: after,
                onFailure: onFailure,
                action
            )
        }
    }

    mutating func end(
        _ id: HookID,
        priority: Int = HookBundle.defaultPriority,
        onFailure: FailurePolicy? = nil,
        _ action: @escaping EndAction<Arguments, Output> = { _ in }
    ) {
        switch kind {
        case .immediate:
            hooks.onEnd(asynchronousPoint, id: id, priority: priority, onFailure: onFailure, action)
        case .suspending:
            hooks.onEnd(asynchronousPoint, id: id, priority: priority, onFailure: onFailure) { call in
                await Task.yield()
                try action(&call)
            }
        case .synchronous:
            hooks.onEnd(synchronousPoint, id: id, priority: priority, onFailure: onFailure, action)
        }
    }

    mutating func pair(
        _ id: HookID,
        onFailure: FailurePolicy? = nil,
        start: @escaping StartAction<Arguments, Output>,
        end: @escaping EndAction<Arguments, Output>
    ) {
        switch kind {
        case .immediate:
            hooks.onStart(asynchronousPoint, id: id, onFailure: onFailure, start, end: end)
        case .suspending:
            hooks.onStart(asynchronousPoint, id: id, onFailure: onFailure) { call in
                await Task.yield()
                try start(&call)
            } end: { call in
                await Task.yield()
                try end(&call)
            }
        case .synchronous:
            hooks.onStart(synchronousPoint, id: id, onFailure: onFailure, start, end: end)
        }
    }
}
