/// What was registered for a point at one moment, in running order.
@usableFromInline
final class HookSnapshot<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline let hooks: [Hook<Arguments, Output>]
    @usableFromInline let hasEnds: Bool
    @usableFromInline let hasWaitingEnds: Bool
    @usableFromInline let isObserved: Bool
    private let observers: [CallObserver]
    @usableFromInline let settings: CallSettings

    init(_ hooks: [Hook<Arguments, Output>], observers: [CallObserver], settings: CallSettings) {
        self.hooks = hooks
        hasEnds = hooks.contains { $0.end != nil }
        hasWaitingEnds = hooks.contains { $0.end?.mayWait == true }
        self.observers = observers
        isObserved = !observers.isEmpty
        self.settings = settings
    }

    /// Starts the record of a call; nil if nobody observes.
    @usableFromInline
    func record(_ point: String) -> CallRecording? {
        CallRecording(point: point, observers: observers, settings: settings)
    }

    /// Who answered, by the position that a call noted.
    @inlinable
    func source(_ answerer: Int) -> CallSource {
        answerer < 0 ? .body : .hook(hooks[answerer].id)
    }
}
