#if os(Linux)
import Synchronization

/// A request on its way, as its caller and the loop share it.
final class CurlTransfer: Sendable {
    typealias Continuation = CheckedContinuation<HTTPTransportResponse, any Error>

    private enum State {
        case new, waiting(Continuation), over
    }

    /// The server that is asked.
    struct Origin: Hashable {
        let isSecure: Bool
        let authority: String
    }

    let request: HTTPTransportRequest
    let url: RequestURL
    let route: ProxyRoute
    let limit: Int
    let deadline: ContinuousClock.Instant
    private let state = Mutex(State.new)

    init(
        _ request: HTTPTransportRequest,
        to url: RequestURL,
        by route: ProxyRoute,
        limit: Int,
        deadline: ContinuousClock.Instant
    ) {
        self.request = request
        self.url = url
        self.route = route
        self.limit = limit
        self.deadline = deadline
    }

    var origin: Origin { Origin(isSecure: url.isSecure, authority: url.authority) }

    var isOver: Bool {
        state.withLock { if case .over = $0 { true } else { false } }
    }

    /// Notes who waits; false, after letting them go, if the caller has been cancelled.
    func begin(_ continuation: Continuation) -> Bool {
        let isOver = state.withLock { state in
            if case .over = state { return true }
            state = .waiting(continuation)
            return false
        }
        if isOver { continuation.resume(throwing: CancellationError()) }
        return !isOver
    }

    /// Gives the outcome to the caller, unless there was one before; whether somebody waited for it.
    @discardableResult
    func end(_ outcome: Result<HTTPTransportResponse, any Error>) -> Bool {
        let continuation = state.withLock { state -> Continuation? in
            defer { state = .over }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(with: outcome)
        return continuation != nil
    }
}
#endif

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
