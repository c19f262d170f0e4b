import Synchronization

/// What happened, in order.
final class Log<Entry: Sendable>: Sendable {
    private let storage = Mutex<[Entry]>([])

    var entries: [Entry] { storage.withLock { $0 } }

    func add(_ entry: Entry) {
        _ = count(adding: entry)
    }

    /// Adds an entry and tells how many there are then.
    func count(adding entry: Entry) -> Int {
        storage.withLock { entries in
            entries.append(entry)
            return entries.count
        }
    }
}
