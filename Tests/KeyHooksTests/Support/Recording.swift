import Synchronization

/// What happened, in order; for closures that several tasks may call.
final class Recording<Event: Sendable>: Sendable {
    private let storage = Mutex<[Event]>([])

    var events: [Event] { storage.withLock { $0 } }

    func add(_ event: Event) {
        storage.withLock { $0.append(event) }
    }
}
