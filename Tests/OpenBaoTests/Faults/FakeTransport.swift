import HTTPTransport
import OpenBao
import Synchronization

/// A transport for faults a real server cannot be made to show; everything else is tested on a real one.
final class FakeTransport: HTTPTransport {
    typealias Answering = @Sendable (HTTPTransportRequest) async throws -> HTTPTransportResponse

    private let answer: Answering
    private let seen = Mutex<[HTTPTransportRequest]>([])

    init(_ answer: @escaping Answering) {
        self.answer = answer
    }

    var requests: [HTTPTransportRequest] { seen.withLock(\.self) }

    /// The URLs asked for, in order.
    var urls: [String] { requests.map(\.url) }

    func send(_ request: HTTPTransportRequest, timeout: Duration, limit: Int) async throws -> HTTPTransportResponse {
        seen.withLock { $0.append(request) }
        return try await answer(request)
    }

    /// Does nothing until it is cancelled.
    static func hang() async throws -> Never {
        for await _ in AsyncStream<Never>.makeStream().stream {}
        throw CancellationError()
    }
}

extension HTTPTransportResponse {
    /// An answer with a text.
    init(_ status: Int, _ text: String = "", headers: [String: String] = [:]) {
        self.init(status: status, headers: headers, body: Array(text.utf8))
    }

    /// What OpenBao answers to a read.
    static func secret(_ value: String, metadata: String = #"{"version":1}"#) -> Self {
        Self(200, #"{"data":{"data":{"OPENAI_API_KEY":"\#(value)"},"metadata":\#(metadata)}}"#)
    }
}
