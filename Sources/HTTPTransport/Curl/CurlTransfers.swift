#if os(Linux)
import Synchronization

/// A request on its way, as its caller and the loop share it.
final class CurlTransfer: Sendable {
    typealias Continuation = CheckedContinuation<HTTPTransportResponse, any Error>

    private enum State {
        case new, waiting(Continuation), over
    }

    let request: HTTPTransportRequest
    let url: RequestURL
    /// The server that is asked.
    let origin: String
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
        origin = "\(url.scheme)://\(url.authority)"
        self.route = route
        self.limit = limit
        self.deadline = deadline
    }

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
        var waiting: ArraySlice<CurlTransfer> = []
        var active = 0

        var isReady: Bool { !waiting.isEmpty && active < TransferQueues.share }
    }

    private var queues: [String: Queue] = [:]
    /// The servers with something to start, in turn.
    private var ready: [String] = []
    private var active = 0

    /// Whether nothing waits; some may be under way.
    var isEmpty: Bool { queues.allSatisfy(\.value.waiting.isEmpty) }

    /// Whether ``next()`` has one.
    var canStart: Bool { active < Self.capacity && !ready.isEmpty }

    mutating func add(_ transfer: CurlTransfer) {
        change(transfer.origin) { $0.waiting.append(transfer) }
    }

    /// The next that may start, which counts as under way until ``end(_:)``; nil if none may.
    mutating func next() -> CurlTransfer? {
        guard canStart else { return nil }
        let origin = ready.removeFirst()
        active += 1
        let transfer = change(origin) { queue in
            queue.active += 1
            return queue.waiting.removeFirst()
        }
        if queues[origin]?.isReady == true { ready.append(origin) }
        return transfer
    }

    /// Notes that one that was under way is over.
    mutating func end(_ transfer: CurlTransfer) {
        active -= 1
        change(transfer.origin) { $0.active -= 1 }
    }

    /// Drops those of the waiting for which a closure says so.
    mutating func removeAll(where isOver: (CurlTransfer) -> Bool) {
        for origin in queues.keys { change(origin) { $0.waiting.removeAll(where: isOver) } }
        ready.removeAll { queues[$0]?.isReady != true }
    }

    /// Changes what waits for a server, and notes whether there is something to start, and whether anything is left.
    private mutating func change<Value>(_ origin: String, _ body: (inout Queue) -> Value) -> Value {
        // Taken out, so that it is changed in its place.
        var queue = queues.removeValue(forKey: origin) ?? Queue()
        let wasReady = queue.isReady
        defer {
            if queue.isReady, !wasReady { ready.append(origin) }
            if queue.active > 0 || !queue.waiting.isEmpty { queues[origin] = queue }
        }
        return body(&queue)
    }
}
#endif
