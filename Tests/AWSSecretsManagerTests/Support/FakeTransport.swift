#if AWS
import HTTPTransport
import Synchronization

/// Answers as a test says, for faults and moments that no server shows on demand.
final class FakeTransport: HTTPTransport {
    private let requests = Mutex<[HTTPTransportRequest]>([])
    private let answer: @Sendable (HTTPTransportRequest, Int) async throws -> HTTPTransportResponse

    /// - Parameter answer: The answer to a request; it also gets how many there were before.
    init(_ answer: @escaping @Sendable (HTTPTransportRequest, Int) async throws -> HTTPTransportResponse) {
        self.answer = answer
    }

    var sent: [HTTPTransportRequest] { requests.withLock(\.self) }

    func send(_ request: HTTPTransportRequest, timeout: Duration, limit: Int) async throws -> HTTPTransportResponse {
        let count = requests.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        return try await answer(request, count)
    }

    var keepsDeadlines: Bool { true }
}

extension HTTPTransportResponse {
    /// A success with a body.
    static func success(_ body: String) -> Self { Self(status: 200, body: Array(body.utf8)) }

    /// An error as Secrets Manager writes it.
    static func error(
        _ type: String,
        _ status: Int = 400,
        message: String = "",
        headers: [String: String] = [:]
    ) -> Self {
        Self(status: status, headers: headers, body: Array(#"{"__type": "\#(type)", "message": "\#(message)"}"#.utf8))
    }
}
#endif
