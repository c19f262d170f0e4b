/// What one registry of a core holds itself.
struct RegistryLayer: Sendable {
    var parent: Int?

    /// Hooks of the parent that do not run here.
    var disabled: [HookID] = []

    /// The plugins of the parent that may answer here: others' hooks with a start half do not run; nil for no limit.
    var asked: [PluginID]?

    /// The pinned order; nil to take the parent's.
    var pins: [HookID]?

    var hooks: [PointKey: [any AnyHook]] = [:]
    var observers: [CallObserver] = []
    var attachments: [HookAttachment] = []

    /// Where call sites made with this registry read.
    var published: [PointKey: any AnyPublishedHooks] = [:]
}

extension RegistryLayer {
    /// Whether what a bundle attached to the parent for a hook or a plugin is not shown here.
    func hides(_ attachment: HookAttachment) -> Bool {
        disabled.contains { $0.matches(attachment.id) }
            || asked.map { asked in !asked.contains(attachment.id.plugin) } ?? false
    }

    /// Whether a hook of the parent does not run here.
    func isDisabled(_ hook: any AnyHook) -> Bool {
        if disabled.contains(where: { $0.matches(hook.constraints.id) }) { return true }
        guard let asked, hook.phases.contains(.start) else { return false }
        return !asked.contains(hook.constraints.id.plugin)
    }
}
