import HTTPTransport
import KeyHooks
import LightFoundation

/// What one request to one server came to, and how long it took.
struct BaoExchange: Sendable {
    let result: Result<OpenBaoResponse, any Error>
    let time: Duration
}

extension BaoClient {
    /// One request, and one more if the reply names another of the servers.
    func exchange(_ request: BaoRequest, _ attempt: BaoAttempt, by end: Duration) async -> BaoExchange {
        let start = clock.now()
        let result: Result<OpenBaoResponse, any Error>
        do {
            result = .success(try await follow(request, attempt, by: end))
        } catch {
            result = .failure(error)
        }
        return BaoExchange(result: result, time: clock.now() - start)
    }

    private func follow(_ request: BaoRequest, _ attempt: BaoAttempt, by end: Duration) async throws -> OpenBaoResponse
    {
        let link = links[attempt.server]
        let reply = try await transmit(request, attempt.mark, to: link, by: end)
        guard [301, 302, 307, 308].contains(reply.status), let target = try target(of: reply, to: request, from: link)
        else { return reply }
        return try await transmit(request, attempt.mark, to: target, by: end)
    }

    /// The server to which a redirect leads, if that is one of ours and no step down from TLS.
    ///
    /// - Throws: A ``BaoFailure`` if the redirect asks one of ours for something else, since with the token another path
    ///   may seal the server, or without TLS.
    private func target(
        of reply: OpenBaoResponse,
        to request: BaoRequest,
        from link: ServerLink
    ) throws(BaoFailure) -> ServerLink? {
        guard let url = reply.redirection else { return nil }
        let origin = ServerAddress.origin(of: url)
        // A reference without a host leads back to the one that gave it, also where that is a socket.
        let known = reply.isRedirectedToItself ? [link] : links.filter { $0.address.origin == origin }
        guard !known.isEmpty else { return nil }
        if link.address.isTLS, !origin.hasPrefix("https:") {
            throw BaoFailure(
                .unavailable,
                "OpenBao at \(link.address.shown) redirects from https to http, and such redirects are not followed",
                remedy: "check 'address', and the server's own api_addr"
            )
            .through(reply.proxy)
        }
        if let target = known.first(where: { $0.address.isReached(by: url, at: request.path) }) { return target }
        throw BaoFailure(
            .unavailable,
            "OpenBao at \(link.address.shown) redirects a request to another path, and such redirects are not followed",
            remedy: "check 'address': a redirect may lead to another server only, for the same path"
        )
        .through(reply.proxy)
    }

    private func transmit(
        _ request: BaoRequest,
        _ mark: String?,
        to link: ServerLink,
        by end: Duration
    ) async throws -> OpenBaoResponse {
        var headers = ["X-Vault-Request": "true", "Accept": "application/json"]
        if let token = request.token { headers["X-Vault-Token"] = token.value }
        if let namespace = request.namespace { headers["X-Vault-Namespace"] = namespace }
        if request.body != nil { headers["Content-Type"] = "application/json" }
        if let mark {
            headers["X-Vault-Index"] = mark
            headers["X-Vault-Inconsistent"] = "forward-active-node"
        }
        let url = link.address.base + request.path
        let message = HTTPTransportRequest(method: request.method, url: url, headers: headers, body: request.body)
        return try await link.send(message, within: end - clock.now(), limit: Self.bodyLimit, clock)
    }
}
