/// What was registered for a point at one moment, in running order.
@usableFromInline
final class HookSnapshot<Entry: AnyObject & Sendable>: Sendable {
    @usableFromInline let hooks: [Entry]
    @usableFromInline let hasEnds: Bool
    @usableFromInline let isObserved: Bool
    private let observers: [CallObserver]
    @usableFromInline let settings: CallSettings

    init(_ entries: [Entry], hooks: [any AnyHook], observers: [CallObserver], settings: CallSettings) {
        self.hooks = entries
        hasEnds = hooks.contains { $0.phases.contains(.end) }
        self.observers = observers
        isObserved = !observers.isEmpty
        self.settings = settings
    }

    /// Starts the record of a call; nil if nobody observes.
    @usableFromInline
    func record(_ point: String) -> CallRecording? {
        CallRecording(point: point, observers: observers, settings: settings)
    }
}

extension HookSnapshot {
    /// Who answered, by the position that a call noted.
    @inlinable
    func source<Start, End>(_ answerer: Int) -> CallSource where Entry == Hook<Start, End> {
        answerer < 0 ? .body : .hook(hooks[answerer].id)
    }
}
