#if canImport(Darwin)
import ExtensionHooks
import Foundation

/// Sends requests through Foundation's `URLSession`, without cookies, caches, stored credentials or redirects.
///
/// Certificates are checked against the system's trust store, and proxies are the system's.
package final class URLSessionTransport: HTTPTransport {
    private let session: URLSession
    private let collector = ResponseCollector()
    private let unsupported: String?

    /// Makes a transport with connections of its own.
    ///
    /// - Parameter settings: How to connect; `URLSession` obeys no more than `proxy` of `environment` or `none`, and
    ///   with anything else each request fails.
    package init(_ settings: HTTPTransportSettings = HTTPTransportSettings()) {
        var obeyed = HTTPTransportSettings()
        obeyed.proxy = settings.proxy
        obeyed.connectionTimeout = settings.connectionTimeout
        let isProxyKnown = settings.proxy == .environment || settings.proxy == .none
        unsupported = obeyed == settings && isProxyKnown ? nil : "URLSession cannot obey all of them"
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        if settings.proxy == .none { configuration.connectionProxyDictionary = [:] }
        session = URLSession(configuration: configuration, delegate: collector, delegateQueue: nil)
    }

    deinit {
        session.finishTasksAndInvalidate()
    }

    package func send(
        _ request: HTTPTransportRequest,
        timeout: Duration,
        limit: Int
    ) async throws -> HTTPTransportResponse {
        if let unsupported { throw HTTPTransportError(.invalidSettings, detail: unsupported) }
        try request.check()
        guard let url = URL(string: request.url) else { throw HTTPTransportError(.invalidURL) }
        var urlRequest = URLRequest(url: url)
        urlRequest.httpMethod = request.method
        urlRequest.timeoutInterval = timeout.bounded / .seconds(1)
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

    /// Lets the caller go at once, and ends the exchange after that, on the queue that its completion comes on.
    private func cancel(_ task: URLSessionDataTask) {
        guard collector.abandon(task.taskIdentifier) else { return }
        session.delegateQueue.addOperation { task.cancel() }
    }
}
#endif
