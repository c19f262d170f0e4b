#if os(Linux)
/// Transfers that wait for their turn, and how many are under way, each server's apart.
///
/// A server that hangs holds up its own requests and nobody else's.
struct TransferQueues {
    /// How many may be under way in all.
    ///
    /// Each may need a connection of its own, and many systems let a process have 1,024 files open.
    static let capacity = 256

    /// How many may be under way with one server.
    static let share = 64

    private struct Queue {
        var waiting: [CurlTransfer] = []
        /// Those before have been started.
        var first = 0
        var active = 0

        var isEmpty: Bool { first == waiting.count }
        var isReady: Bool { !isEmpty && active < TransferQueues.share }
    }

    private var queues: [CurlTransfer.Origin: Queue] = [:]
    /// Those with something to start, in turn.
    private var ready: [CurlTransfer.Origin] = []
    private var active = 0
    private var waitingCount = 0

    /// Whether nothing waits; some may be under way.
    var isEmpty: Bool { waitingCount == 0 }

    /// Whether ``next()`` has one.
    var canStart: Bool { active < Self.capacity && !ready.isEmpty }

    mutating func add(_ transfer: CurlTransfer) {
        let origin = transfer.origin
        let wasReady = queues[origin]?.isReady ?? false
        queues[origin, default: Queue()].waiting.append(transfer)
        waitingCount += 1
        if !wasReady, queues[origin]?.isReady == true { ready.append(origin) }
    }

    /// The next that may start, which counts as under way until ``end(_:)``; nil if none may.
    mutating func next() -> CurlTransfer? {
        guard canStart else { return nil }
        let origin = ready.removeFirst()
        guard var queue = queues.removeValue(forKey: origin) else { return nil }
        let transfer = queue.waiting[queue.first]
        queue.first += 1
        // What has been started is let go in bulk.
        if queue.first * 2 > queue.waiting.count {
            queue.waiting.removeFirst(queue.first)
            queue.first = 0
        }
        queue.active += 1
        active += 1
        waitingCount -= 1
        if queue.isReady { ready.append(origin) }
        queues[origin] = queue
        return transfer
    }

    /// Notes that one that was under way is over.
    mutating func end(_ transfer: CurlTransfer) {
        let origin = transfer.origin
        guard var queue = queues.removeValue(forKey: origin) else { return }
        let wasReady = queue.isReady
        queue.active -= 1
        active -= 1
        if queue.isReady, !wasReady { ready.append(origin) }
        if queue.active > 0 || !queue.isEmpty { queues[origin] = queue }
    }

    /// Drops those of the waiting for which a closure says so.
    mutating func removeAll(where isOver: (CurlTransfer) -> Bool) {
        guard !isEmpty else { return }
        waitingCount = 0
        for (origin, var queue) in queues {
            queue.waiting.removeFirst(queue.first)
            queue.first = 0
            queue.waiting.removeAll(where: isOver)
            waitingCount += queue.waiting.count
            queues[origin] = queue.active > 0 || !queue.isEmpty ? queue : nil
        }
        ready.removeAll { queues[$0]?.isReady != true }
    }
}
#endif
