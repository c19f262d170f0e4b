import Foundation
import Synchronization

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Collects the answers of a session's tasks up to a bound, and follows no redirect.
final class ResponseCollector: NSObject, URLSessionDataDelegate, Sendable {
    private struct Pending {
        let continuation: CheckedContinuation<HTTPTransportResponse, any Error>
        let limit: Int
        var body: [UInt8] = []
        var isTooLarge = false
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

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        guard let response = challenge.failureResponse as? HTTPURLResponse else {
            return completionHandler(.performDefaultHandling, nil)
        }
        // Nobody has a password to give, so the 401 is the answer. Left alone, Foundation on Linux would wait for ever.
        if let entry = pending.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) {
            entry.continuation.resume(returning: Self.response(response, entry.body))
        }
        completionHandler(.cancelAuthenticationChallenge, nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLarge = pending.withLock { pending in
            guard var entry = pending.removeValue(forKey: dataTask.taskIdentifier) else { return false }
            entry.isTooLarge = entry.isTooLarge || entry.body.count + data.count > entry.limit
            if !entry.isTooLarge { entry.body.append(contentsOf: data) }
            let isTooLarge = entry.isTooLarge
            pending[dataTask.taskIdentifier] = entry
            return isTooLarge
        }
        if isTooLarge { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let entry = pending.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        if entry.isTooLarge {
            entry.continuation.resume(throwing: HTTPTransportError(.bodyTooLarge))
        } else if let error {
            entry.continuation.resume(throwing: Self.translated(error))
        } else if let response = task.response as? HTTPURLResponse {
            entry.continuation.resume(returning: Self.response(response, entry.body))
        } else {
            entry.continuation.resume(throwing: HTTPTransportError(.other))
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
        case .badURL?, .unsupportedURL?: HTTPTransportError(.invalidURL)
        default: HTTPTransportError(.other)
        }
    }
}
