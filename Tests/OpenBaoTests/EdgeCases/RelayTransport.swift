import ExtensionHooks
import HTTPTransport
import KeyHooks
import OpenBao
import Synchronization

/// Sends everything on to the real servers, and may do something just before a request leaves.
final class RelayTransport: HTTPTransport {
    typealias Doing = @Sendable (HTTPTransportRequest, _ number: Int) async throws -> Void

    private let real = HTTPTransportSettings().transport()
    private let doing: Doing
    private let seen = Mutex<[HTTPTransportRequest]>([])

    init(_ doing: @escaping Doing = { _, _ in }) {
        self.doing = doing
    }

    var requests: [HTTPTransportRequest] { seen.withLock(\.self) }

    func send(_ request: HTTPTransportRequest, timeout: Duration, limit: Int) async throws -> HTTPTransportResponse {
        let number = seen.withLock { seen in
            seen.append(request)
            return seen.count
        }
        try await doing(request, number)
        return try await real.send(request, timeout: timeout, limit: limit)
    }
}

extension OpenBaoPlugin {
    /// A resolver with the plugin and nothing else.
    func resolver() throws -> KeyResolver {
        let registry = HookRegistry()
        try registry.register { register(in: &$0) }
        return try KeyResolver(registry: registry, environment: [:])
    }
}
