import ExtensionHooks
import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Sends requests through Foundation's `URLSession`, without cookies, caches, stored credentials or redirects.
///
/// Certificates are checked against the system's trust store. Proxies are the system's; on Linux those in `http_proxy`,
/// `https_proxy` and `all_proxy`, but for what `no_proxy` names. A request for this very machine (127.0.0.0/8, `::1`,
/// `localhost`) that would go through one of these is refused, since the proxy would get its token: add the host to
/// `no_proxy`. The tool `keyhooks` does that itself.
public final class URLSessionTransport: HTTPTransport {
    private let session: URLSession
    private let collector = ResponseCollector()
    private let sendsLoopbackThroughProxy: Bool

    /// Makes a transport with connections of its own.
    ///
    /// - Parameter sendsLoopbackThroughProxy: Whether a proxy also gets the requests for this very machine.
    public init(sendsLoopbackThroughProxy: Bool = false) {
        self.sendsLoopbackThroughProxy = sendsLoopbackThroughProxy
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        session = URLSession(configuration: configuration, delegate: collector, delegateQueue: nil)
    }

    deinit {
        session.finishTasksAndInvalidate()
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func send(
        _ request: HTTPTransportRequest,
        timeout: Duration,
        limit: Int
    ) async throws -> HTTPTransportResponse {
        guard let url = URL(string: request.url) else { throw HTTPTransportError(.invalidURL) }
        if !sendsLoopbackThroughProxy, Self.proxy(for: request.url)?.isForLoopback == true {
            throw HTTPTransportError(.loopbackThroughProxy)
        }
        var urlRequest = URLRequest(url: url)
        urlRequest.httpMethod = request.method
        // Foundation on Linux cuts the fraction off, so less than a second would be none. The plugin bounds it exactly.
        urlRequest.timeoutInterval = max(1, (timeout.bounded / .seconds(1)).rounded(.up))
        for (name, value) in request.headers { urlRequest.setValue(value, forHTTPHeaderField: name) }
        // A compressed answer could unpack to any length before it is counted.
        urlRequest.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        urlRequest.httpBody = request.body.map { Data($0) }
        let task = session.dataTask(with: urlRequest)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                collector.expect(task.taskIdentifier, limit: limit, continuation)
                task.resume()
                if Task.isCancelled { cancel(task) }
            }
        } onCancel: {
            cancel(task)
        }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func proxy(for url: String) -> String? { Self.proxy(for: url)?.description }

    private static func proxy(for url: String) -> EnvironmentProxy? {
        #if canImport(FoundationNetworking)
        EnvironmentProxy(for: url)
        #else
        // Apple's Foundation asks the system's settings and not the environment, and leaves loopback out.
        nil
        #endif
    }

    /// Lets the caller go at once, and ends the exchange after that.
    ///
    /// On Linux, Foundation traps if a task is cancelled while it completes on another thread, and loses the completion
    /// of one that is cancelled before it began. So the caller does not depend on either, and the task is cancelled on
    /// the queue where its completion is told.
    private func cancel(_ task: URLSessionDataTask) {
        guard collector.abandon(task.taskIdentifier) else { return }
        session.delegateQueue.addOperation { task.cancel() }
    }
}
