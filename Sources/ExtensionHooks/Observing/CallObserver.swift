/// A registered observer: it is shown the record of each call after the call is over.
@usableFromInline
final class CallObserver: Sendable {
    @usableFromInline let observe: @Sendable (CallRecord) -> Void

    init(_ observe: @escaping @Sendable (CallRecord) -> Void) {
        self.observe = observe
    }
}
