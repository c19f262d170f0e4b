import HTTPTransport
import Synchronization

/// A transport that a test answers for.
///
/// A fake, for what neither LiteLLM nor OpenBao can be made to answer here.
final class FakeTransport: HTTPTransport {
    typealias Answering = @Sendable (HTTPTransportRequest) async throws -> HTTPTransportResponse

    private let answer: Answering
    private let seen = Mutex<[HTTPTransportRequest]>([])

    init(_ answer: @escaping Answering) { self.answer = answer }

    /// Answers all requests alike.
    convenience init(_ status: Int, _ text: String, _ headers: [String: String] = [:]) {
        self.init { _ in HTTPTransportResponse(status: status, headers: headers, body: Array(text.utf8)) }
    }

    /// Sends everything to the real servers, but measures time with whatever clock the plugin has.
    static func relay() -> FakeTransport {
        let real = HTTPTransportSettings().transport()
        return FakeTransport { try await real.send($0, timeout: .seconds(60), limit: 1 << 20) }
    }

    var requests: [HTTPTransportRequest] { seen.withLock(\.self) }

    func send(_ request: HTTPTransportRequest, timeout: Duration, limit: Int) async throws -> HTTPTransportResponse {
        seen.withLock { $0.append(request) }
        return try await answer(request)
    }
}

extension HTTPTransportRequest {
    /// The URL behind the server.
    var path: String {
        guard let host = url.firstRange(of: "://")?.upperBound, let path = url[host...].firstIndex(of: "/") else {
            return "/"
        }
        return String(url[path...])
    }
}
