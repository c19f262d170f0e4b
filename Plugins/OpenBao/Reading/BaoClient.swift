import Foundation
import HTTPTransport
import KeyHooks

/// A request to whichever server answers.
struct BaoRequest: Sendable {
    var method = "GET"
    let path: String
    var token: APIKey?
    var namespace: String?
    var body: [UInt8]?
}

/// Sends requests to the servers in turn, repeats what was put off, and follows redirects among the servers only.
struct BaoClient: Sendable {
    /// A secret of a thousand keys has some hundred kilobytes.
    static let bodyLimit = 8 << 20

    /// How often a request is repeated.
    private static let maximumRepetitions = 2

    let addresses: [ServerAddress]
    let transport: any HTTPTransport
    let clock: PluginClock

    /// Sends a request until a reply stands.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - deadline: The moment on the clock at which it must be over.
    /// - Returns: The reply, which may say that the server cannot answer now.
    /// - Throws: A ``BaoFailure`` if no server replied in time; a `CancellationError`.
    func send(_ request: BaoRequest, by deadline: Duration) async throws -> ServerReply {
        var repetitions = 0
        while true {
            let outcome = try await ask(request, by: deadline)
            let wait: Duration?
            switch outcome {
            case .success(let reply): wait = pause(after: reply)
            // A connection kept open may have been closed by the server just when it was used.
            case .failure(let failure): wait = failure.isConnectionLost ? .zero : nil
            }
            guard let wait, repetitions < Self.maximumRepetitions, clock.now() + wait < deadline else {
                return try outcome.get()
            }
            repetitions += 1
            if wait > .zero { try await clock.sleep(wait) }
        }
    }

    /// How long to wait before the request is repeated; nil if that is no use.
    private func pause(after reply: ServerReply) -> Duration? {
        // Where nothing is said, as long as OpenBao's own client waits; and no less where something is, since the server
        // rounds down.
        let customary = Duration.seconds(.random(in: 1.0...1.5))
        let announced = reply.retryAfter(now: clock.date()).map { $0 < .seconds(1) ? customary : $0 }
        switch reply.status {
        case 429, 412: return announced ?? customary
        case 500, 502, 504: return customary
        case 503: return reply.isSealed ? nil : announced ?? customary
        case 400 where reply.says("Upgrading from non-versioned to versioned"): return customary
        default: return nil
        }
    }

    /// Asks the servers in turn until one has an answer of its own.
    private func ask(_ request: BaoRequest, by deadline: Duration) async throws -> Result<ServerReply, BaoFailure> {
        var reply: ServerReply?
        var failure: BaoFailure?
        for (index, address) in addresses.enumerated() {
            do {
                // One server that hangs must leave time for the others.
                let share = (deadline - clock.now()) / (addresses.count - index)
                let answer = try await exchange(request, with: address, within: share)
                if answer.status < 500 { return .success(answer) }
                reply = reply ?? answer
            } catch let error as HTTPTransportError {
                let proxy = transport.proxy(for: address.base)
                failure = failure ?? BaoFailure(error, at: address, through: proxy)
            }
        }
        if let reply { return .success(reply) }
        return .failure(failure ?? BaoFailure(HTTPTransportError(.timedOut)))
    }

    /// One request, and one more if the reply names another of the servers.
    private func exchange(
        _ request: BaoRequest,
        with address: ServerAddress,
        within time: Duration
    ) async throws -> ServerReply {
        let end = clock.now() + time
        let reply = try await transmit(request, to: address.base + request.path, by: end)
        guard [301, 302, 307, 308].contains(reply.status),
            let target = try target(of: reply, to: request, from: address)
        else { return reply }
        return try await transmit(request, to: target.base + request.path, by: end)
    }

    /// The server to which a redirect leads, if that is one of ours and no step down from TLS.
    ///
    /// - Throws: A ``BaoFailure`` if the redirect asks one of ours for something else: with the token, another path may
    ///   seal the server.
    private func target(
        of reply: ServerReply,
        to request: BaoRequest,
        from address: ServerAddress
    ) throws(BaoFailure) -> ServerAddress? {
        guard let location = reply.headers["location"], let url = URLComponents(string: location) else { return nil }
        let origin = ServerAddress.origin(of: url)
        if address.origin.hasPrefix("https:"), !origin.hasPrefix("https:") { return nil }
        let known = addresses.filter { $0.origin == origin }
        guard !known.isEmpty else { return nil }
        if let target = known.first(where: { $0.isReached(by: url, at: request.path) }) { return target }
        throw BaoFailure(
            .unavailable,
            "OpenBao at \(address.shown) redirects a request to another path, and such redirects are not followed",
            remedy: "check 'address': a redirect may lead to another server only, for the same path"
        )
        .through(reply.proxy)
    }

    private func transmit(_ request: BaoRequest, to url: String, by end: Duration) async throws -> ServerReply {
        var headers = ["X-Vault-Request": "true", "Accept": "application/json"]
        if let token = request.token { headers["X-Vault-Token"] = token.value }
        if let namespace = request.namespace { headers["X-Vault-Namespace"] = namespace }
        if request.body != nil { headers["Content-Type"] = "application/json" }
        let message = HTTPTransportRequest(method: request.method, url: url, headers: headers, body: request.body)
        let time = end - clock.now()
        guard time > .zero else { throw HTTPTransportError(.timedOut) }
        // `URLSession` counts from the last byte, and a server may send them one by one.
        let response = try await clock.run(within: time) { try await send(message, time) }
        return ServerReply(response, through: transport.proxy(for: url))
    }

    private func send(_ message: HTTPTransportRequest, _ time: Duration) async throws -> HTTPTransportResponse {
        do {
            return try await transport.send(message, timeout: time, limit: Self.bodyLimit)
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
