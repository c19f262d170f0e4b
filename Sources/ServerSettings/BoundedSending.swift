package import HTTPTransport
package import KeyHooks

extension HTTPTransport {
    /// Sends a request and gives it up at its time's end, whatever transport it is.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - time: How long it may take.
    ///   - limit: How many bytes of a body to accept.
    ///   - clock: What the time is measured with.
    /// - Returns: The answer, whatever its status.
    /// - Throws: An `HTTPTransportError`, or a `CancellationError`.
    package func send(
        _ request: HTTPTransportRequest,
        within time: Duration,
        limit: Int,
        _ clock: SourceClock
    ) async throws -> HTTPTransportResponse {
        guard time > .zero else { throw HTTPTransportError(.timedOut) }
        guard !keepsDeadlines else { return try await checked(request, time, limit) }
        return try await clock.run(within: time) { try await checked(request, time, limit) }
    }

    private func checked(
        _ request: HTTPTransportRequest,
        _ time: Duration,
        _ limit: Int
    ) async throws -> HTTPTransportResponse {
        do {
            return try await send(request, timeout: time, limit: limit)
        } catch let error as HTTPTransportError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            // A transport of somebody else's may throw anything, and its text may quote a credential.
            throw HTTPTransportError(.other)
        }
    }
}

extension SourceClock {
    /// Runs something and gives it up when its time is over.
    ///
    /// It is not waited for then: a transport of somebody else's may take no notice of its cancellation.
    ///
    /// - Throws: What it throws; an ``HTTPTransportError`` of the kind `timedOut`; a `CancellationError`.
    package func run<Value: Sendable>(
        within time: Duration,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await reading(within: time, sleep: sleep, lendingThread: true) {
            HTTPTransportError(.timedOut)
        } _: {
            try await body()
        }
    }
}
