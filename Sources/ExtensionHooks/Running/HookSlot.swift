public import Synchronization

/// Where a registry publishes what is registered for a point.
protocol AnyHookSlot: AnyObject, Sendable {
    func publish(_ hooks: [any AnyHook], observers: [CallObserver])
}

/// The published hooks of one point in one registry, read by every call site of the point.
///
/// Call sites look at `isUsed` alone while nothing is registered. Otherwise they take the snapshot, which never changes
/// once it is published: registering or cancelling during a call does not touch that call.
@usableFromInline
final class HookSlot<Entry: AnyObject & Sendable>: Sendable {
    @usableFromInline let isUsed = Atomic<Bool>(false)
    @usableFromInline let snapshot = StripedSnapshot<HookSnapshot<Entry>>()
    let settings: CallSettings

    init(settings: CallSettings) {
        self.settings = settings
    }

    /// What is registered; nil at the cost of one atomic load if nothing is.
    @usableFromInline var current: HookSnapshot<Entry>? {
        @inlinable get { hasHooks ? snapshot.load() : nil }
    }

    @usableFromInline var hasHooks: Bool {
        @inlinable get { isUsed.load(ordering: .acquiring) }
    }

}

extension HookSlot: AnyHookSlot {
    func publish(_ hooks: [any AnyHook], observers: [CallObserver]) {
        let isUsed = !hooks.isEmpty || !observers.isEmpty
        snapshot.store { [settings] in
            guard isUsed else { return nil }
            let entries = hooks.compactMap { $0.copy() as? Entry }
            return HookSnapshot(entries, hooks: hooks, observers: observers, settings: settings)
        }
        self.isUsed.store(isUsed, ordering: .releasing)
    }
}
