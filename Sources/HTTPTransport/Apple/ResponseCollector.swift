#if canImport(Darwin)
import Foundation
import Synchronization

/// Collects the answers of a session's tasks up to a bound, and follows no redirect.
final class ResponseCollector: NSObject, URLSessionDataDelegate, Sendable {
    private struct Pending {
        let continuation: CheckedContinuation<HTTPTransportResponse, any Error>
        let limit: Int
        var body: [UInt8] = []
        /// Why the rest is not read.
        var failure: HTTPTransportError.Code?
    }

    private let pending = Mutex<[Int: Pending]>([:])

    func expect(_ task: Int, limit: Int, _ continuation: CheckedContinuation<HTTPTransportResponse, any Error>) {
        pending.withLock { $0[task] = Pending(continuation: continuation, limit: limit) }
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        // The header fields hold a token: whether it may go elsewhere is not the session's to decide.
        completionHandler(nil)
    }

    /// Ends the wait for an answer; false if it has ended or has not begun.
    func abandon(_ task: Int) -> Bool {
        guard let entry = pending.withLock({ $0.removeValue(forKey: task) }) else { return false }
        entry.continuation.resume(throwing: CancellationError())
        return true
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        guard let response = challenge.failureResponse as? HTTPURLResponse else {
            return completionHandler(.performDefaultHandling, nil)
        }
        // Nobody has a password to give, so the 401 is the answer.
        if let entry = pending.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) {
            entry.continuation.resume(returning: Self.response(response, entry.body))
        }
        completionHandler(.cancelAuthenticationChallenge, nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let encoding = (dataTask.response as? HTTPURLResponse)?.value(forHTTPHeaderField: "Content-Encoding") ?? ""
        let isEncoded = !["", "identity"].contains(encoding.lowercased())
        let isRefused = pending.withLock { pending in
            guard var entry = pending.removeValue(forKey: dataTask.taskIdentifier) else { return true }
            if isEncoded { entry.failure = .encoded }
            if entry.failure == nil, entry.body.count + data.count > entry.limit { entry.failure = .answerTooLarge }
            if entry.failure == nil { entry.body.append(contentsOf: data) }
            pending[dataTask.taskIdentifier] = entry
            return entry.failure != nil
        }
        if isRefused { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let entry = pending.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        if let failure = entry.failure {
            entry.continuation.resume(throwing: HTTPTransportError(failure))
        } else if let response = task.response as? HTTPURLResponse, error == nil {
            entry.continuation.resume(returning: Self.response(response, entry.body))
        } else {
            entry.continuation.resume(throwing: error.map(Self.translated) ?? HTTPTransportError(.other))
        }
    }

    private static func response(_ response: HTTPURLResponse, _ body: [UInt8]) -> HTTPTransportResponse {
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            if let name = name as? String, let value = value as? String { headers[name] = value }
        }
        return HTTPTransportResponse(status: response.statusCode, headers: headers, body: body)
    }

    private static func translated(_ error: any Error) -> any Error {
        switch (error as? URLError)?.code {
        case .cancelled?: CancellationError()
        case .timedOut?: HTTPTransportError(.timedOut)
        case .cannotConnectToHost?, .cannotFindHost?, .dnsLookupFailed?, .notConnectedToInternet?:
            HTTPTransportError(.cannotConnect)
        case .networkConnectionLost?, .badServerResponse?, .cannotParseResponse?: HTTPTransportError(.connectionLost)
        case .secureConnectionFailed?, .serverCertificateUntrusted?, .serverCertificateHasUnknownRoot?,
            .serverCertificateHasBadDate?, .serverCertificateNotYetValid?, .clientCertificateRejected?:
            HTTPTransportError(.insecure)
        case .badURL?: HTTPTransportError(.invalidURL)
        // What answers isn't HTTP: the URL's scheme was looked at before.
        case .unsupportedURL?: HTTPTransportError(.other)
        default: HTTPTransportError(.other)
        }
    }
}
#endif
