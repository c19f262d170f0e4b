public import Synchronization

/// Where a registry publishes what is registered for a point.
protocol AnyPublishedHooks: AnyObject, Sendable {
    func publish(_ hooks: [any AnyHook], observers: [CallObserver])
}

/// The published hooks of one point in one registry, read by every call site of the point.
///
/// Call sites look at `isUsed` alone while nothing is registered. Otherwise they take the snapshot, which never changes
/// once it is published: registering or cancelling during a call does not touch that call.
@usableFromInline
final class PublishedHooks<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline let isUsed = Atomic<Bool>(false)
    @usableFromInline let snapshot = StripedSnapshot<HookSnapshot<Arguments, Output>>()
    let point: PointDescriptor<Arguments>
    let settings: CallSettings

    init(_ point: PointDescriptor<Arguments>, settings: CallSettings) {
        self.point = point
        self.settings = settings
    }

    /// What is registered; nil at the cost of one atomic load if nothing is.
    @inlinable var current: HookSnapshot<Arguments, Output>? { hasHooks ? snapshot.load() : nil }

    @inlinable var hasHooks: Bool { isUsed.load(ordering: .acquiring) }
}

extension PublishedHooks: AnyPublishedHooks {
    func publish(_ hooks: [any AnyHook], observers: [CallObserver]) {
        let isUsed = !hooks.isEmpty || !observers.isEmpty
        snapshot.store { [point, settings] in
            guard isUsed else { return nil }
            let entries = hooks.compactMap { $0.copy() as? Hook<Arguments, Output> }
            return HookSnapshot(point, entries, observers: observers, settings: settings)
        }
        self.isUsed.store(isUsed, ordering: .releasing)
    }
}
