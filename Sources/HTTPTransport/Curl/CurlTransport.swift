#if os(Linux)
import ExtensionHooks

/// Sends requests through libcurl, which is loaded with the first one.
///
/// One thread does all that is waited for, so any number of callers costs no more threads, and a caller is let go at
/// once when its task is cancelled or its time is over. Connections are kept and shared by all requests of a transport,
/// and by no other's.
package final class CurlTransport: HTTPTransport {
    private let settings: HTTPTransportSettings
    private let problem: HTTPTransportError?
    private let loop: CurlLoop

    /// Makes a transport with connections of its own; nothing is loaded or started yet.
    ///
    /// - Parameters:
    ///   - settings: How to connect.
    ///   - library: Gives the library.
    package init(
        _ settings: HTTPTransportSettings = HTTPTransportSettings(),
        library: @escaping @Sendable () throws -> CurlLibrary = { try CurlLibrary.shared.get() }
    ) {
        self.settings = settings
        problem = settings.problem
        loop = CurlLoop(settings, library)
    }

    deinit { loop.stop() }

    package var keepsDeadlines: Bool { (try? loop.library())?.leavesLookups ?? true }

    package func proxy(for url: String) -> String? {
        guard let url = try? RequestURL(url) else { return nil }
        return (try? settings.route(to: url))?.shown
    }

    package func send(
        _ request: HTTPTransportRequest,
        timeout: Duration,
        limit: Int
    ) async throws -> HTTPTransportResponse {
        let deadline = ContinuousClock.now + timeout.bounded
        if let problem { throw problem }
        let url = try RequestURL(request.url)
        try request.check()
        let route = try settings.route(to: url)
        _ = try loop.library()
        let transfer = CurlTransfer(request, to: url, by: route, limit: max(limit, 0), deadline: deadline)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard transfer.begin(continuation) else { return }
                loop.submit(transfer)
            }
        } onCancel: {
            if transfer.end(.failure(CancellationError())) { loop.abandon(transfer) }
        }
    }
}
#endif
