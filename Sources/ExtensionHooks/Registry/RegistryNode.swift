/// What one registry of a family holds itself.
struct RegistryNode: Sendable {
    var parent: Int?

    /// Hooks of the parent that do not run here.
    var disabled: [HookID] = []

    /// The hooks of the parent that may answer here: others with a start half do not run; nil for no such limit.
    var asked: [HookID]?

    /// The pinned order; nil to take the parent's.
    var pins: [HookID]?

    var hooks: [PointKey: [any AnyHook]] = [:]
    var observers: [CallObserver] = []

    /// Where call sites made with this registry read.
    var slots: [PointKey: any AnyHookSlot] = [:]
}

extension RegistryNode {
    /// Whether a hook of the parent does not run here.
    func isDisabled(_ hook: any AnyHook) -> Bool {
        if disabled.contains(where: { $0.matches(hook.rule.id) }) { return true }
        guard let asked, hook.phases.contains(.start) else { return false }
        return !asked.contains { $0.matches(hook.rule.id) }
    }
}
