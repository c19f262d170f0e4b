/// What was registered for a point at one moment, in running order.
@usableFromInline
final class HookSnapshot<Arguments: Sendable, Output: Sendable>: Sendable {
    /// What the first call site of the point says of it; kept here since few calls need it.
    @usableFromInline let point: PointDescriptor<Arguments>

    @usableFromInline let hooks: [Hook<Arguments, Output>]
    @usableFromInline let hasEnds: Bool
    @usableFromInline let hasWaitingEnds: Bool
    @usableFromInline let isObserved: Bool
    private let observers: [CallObserver]
    @usableFromInline let settings: CallSettings

    init(
        _ point: PointDescriptor<Arguments>,
        _ hooks: [Hook<Arguments, Output>],
        observers: [CallObserver],
        settings: CallSettings
    ) {
        self.point = point
        self.hooks = hooks
        hasEnds = hooks.contains { $0.end != nil }
        hasWaitingEnds = hooks.contains { $0.end?.mayWait == true }
        self.observers = observers
        isObserved = !observers.isEmpty
        self.settings = settings
    }

    /// Starts the record of a call; nil if nobody observes.
    @usableFromInline
    func record() -> CallRecording? {
        CallRecording(point: point.name, observers: observers, settings: settings)
    }

    /// Who answered, by the position that a call noted.
    @inlinable
    func source(_ answerer: Int) -> CallSource {
        answerer < 0 ? .body : .hook(hooks[answerer].id)
    }
}
