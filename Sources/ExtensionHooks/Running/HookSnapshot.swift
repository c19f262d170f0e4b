/// What was registered for a point at one moment, in running order.
@usableFromInline
final class HookSnapshot<Entry: AnyObject & Sendable>: Sendable {
    @usableFromInline let hooks: [Entry]
    @usableFromInline let hasEnds: Bool
    @usableFromInline let observers: [CallObserver]
    @usableFromInline let settings: CallSettings

    init(_ entries: [Entry], hooks: [any AnyHook], observers: [CallObserver], settings: CallSettings) {
        self.hooks = entries
        hasEnds = hooks.contains { $0.phases.contains(.end) }
        self.observers = observers
        self.settings = settings
    }
}
