/// What one registry of a family holds itself.
struct RegistryNode: Sendable {
    var parent: Int?

    /// Hooks of the parent that do not run here.
    var disabled: [HookID] = []

    /// The pinned order; nil to take the parent's.
    var pins: [HookID]?

    var hooks: [PointKey: [any AnyHook]] = [:]
    var observers: [CallObserver] = []

    /// Where call sites made with this registry read.
    var slots: [PointKey: any AnyHookSlot] = [:]
}
