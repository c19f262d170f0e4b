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
