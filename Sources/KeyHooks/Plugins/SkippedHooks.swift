public import ExtensionHooks

/// A hook that is registered and not run for a service.
struct SkippedHook: Hashable, Sendable {
    let id: HookID
    let point: String
}

extension SynchronousHookPoint where Arguments == KeyRequest, Output == Set<SkippedHook> {
    /// Asking hooks with a filter whether it keeps them from a request, for explanations.
    static var skippedHooks: Self { Self("skippedHooks", isObserved: false) }
}

extension HookBundle {
    /// Lets explanations see the filter of a hook.
    @usableFromInline
    package mutating func show(
        _ hook: HookID,
        at point: String,
        skipped isSkipped: @escaping @Sendable (KeyRequest) -> Bool
    ) {
        // A plugin may call its hooks alike on several points.
        let name = hook.rawValue == hook.plugin ? "\(hook)/all.\(point)" : "\(hook).\(point)"
        onEnd(.skippedHooks, id: HookID(name)) { call in
            guard isSkipped(call.arguments) else { return }
            call.result = call.result.map { $0.union([SkippedHook(id: hook, point: point)]) }
        }
    }
}
