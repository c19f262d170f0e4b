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

    var requests: [HTTPTransportRequest] { seen.withLock(\.self) }

    func send(_ request: HTTPTransportRequest, timeout: Duration, limit: Int) async throws -> HTTPTransportResponse {
        seen.withLock { $0.append(request) }
        return try await answer(request)
    }
}

extension HTTPTransportRequest {
    /// The URL behind the server.
    var path: String {
        url.split(separator: "/", maxSplits: 2).dropFirst().last
            .map { rest in
                rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
            } ?? "/"
    }

    var text: String { body.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
