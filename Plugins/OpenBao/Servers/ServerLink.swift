import HTTPTransport
import KeyHooks

/// One of the servers, and what sends requests to it.
struct ServerLink: Sendable {
    let address: ServerAddress
    let transport: any HTTPTransport

    /// How the transport was made; nil for one of somebody else's.
    var connection: BaoConnection?

    /// The proxy that requests go through.
    var proxy: String? { address.socket == nil ? transport.proxy(for: address.base) : nil }

    /// Whether nobody but the server itself can have written a reply, as far as its certificate or its address tells.
    var isAuthentic: Bool {
        address.isLocal || (address.isTLS && connection?.settings.acceptsAnyCertificate != true)
    }

    /// Whether a server that a reply names may be shown, and advised: anybody between could name one of their own.
    func believes(_ other: ServerAddress) -> Bool { isAuthentic && (other.isLocal || other.isTLS) }

    /// Sends one request and gives it up at its time's end.
    func send(
        _ request: HTTPTransportRequest,
        within time: Duration,
        limit: Int,
        _ clock: SourceClock
    ) async throws -> OpenBaoResponse {
        guard time > .zero else { throw HTTPTransportError(.timedOut) }
        let response =
            transport.keepsDeadlines
            ? try await checked(request, time, limit)
            : try await clock.run(within: time) { try await checked(request, time, limit) }
        return OpenBaoResponse(response, from: self)
    }

    private func checked(
        _ request: HTTPTransportRequest,
        _ time: Duration,
        _ limit: Int
    ) async throws -> HTTPTransportResponse {
        do {
            return try await transport.send(request, timeout: time, limit: limit)
        } catch let error as HTTPTransportError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            // A transport of somebody else's may throw anything, and its text may quote the token.
            throw HTTPTransportError(.other)
        }
    }
}
