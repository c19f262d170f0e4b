import HTTPTransport
import KeyHooks
import LightFoundation
import ServerSettings

/// A request to whichever server answers.
struct BaoRequest: Sendable {
    var method = "GET"
    var path: String
    /// As whom; nil for nobody.
    var identity: BaoIdentity?
    var namespace: String?
    var body: [UInt8]?
    var contentType = "application/json"

    /// Whether it changes a secret: one that may have arrived is not sent again, to nobody.
    var isWrite = false

    /// Why an answer cannot be believed, beside what was heard before; nil for one that can.
    var doubt: (@Sendable (OpenBaoResponse, HeardReplies) -> BaoFailure?)?

    /// Whether it may be sent to several servers at once: a login may use a secret id up.
    var isRead: Bool { method == "GET" && !isWrite }
}

/// What servers said before one that is to be believed or not.
struct HeardReplies: Sendable {
    /// Answers that were not believed.
    var doubted: [OpenBaoResponse] = []

    /// Whether one could not answer from the state that was seen, so that what was asked without it may be old.
    var isBehind = false
}

/// Sends requests to the servers, those in good health first, and repeats what was put off.
struct BaoClient: Sendable {
    /// A secret of a thousand keys has some hundred kilobytes.
    static let bodyLimit = 8 << 20

    /// How often a request is repeated.
    private static let maximumRepetitions = 2

    let health: ServerHealth
    let clock: SourceClock
    let index = ConsistencyIndex()

    var links: [ServerLink] { health.links }

    /// Sends a request until a reply stands.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - deadline: The moment on the clock at which it must be over.
    /// - Returns: The reply, which may say that the server cannot answer now.
    /// - Throws: A ``BaoFailure`` if no server replied in time, or none with what can be believed; a
    ///   `CancellationError`.
    func send(_ request: BaoRequest, by deadline: Duration) async throws -> OpenBaoResponse {
        var repetitions = 0
        while true {
            let outcome = try await ask(request, by: deadline)
            let wait: Duration?
            switch outcome {
            case .success(let reply): wait = request.isWrite && reply.mayHaveDone ? nil : pause(after: reply)
            // A connection kept open may have been closed by the server just when it was used.
            case .failure(let failure): wait = failure.isConnectionLost && !request.isWrite ? .zero : nil
            }
            guard let wait, repetitions < Self.maximumRepetitions, clock.now() + wait < deadline else {
                return try await named(outcome.get(), by: deadline)
            }
            repetitions += 1
            if wait > .zero { try await clock.sleep(wait) }
        }
    }

    /// How long to wait before the request is repeated; nil if that wouldn't help.
    private func pause(after reply: OpenBaoResponse) -> Duration? {
        // Where nothing is said, as long as OpenBao's own client waits; and no less where something is, since the
        // server rounds down.
        var customary: Duration { .seconds(.random(in: 1.0...1.5)) }
        var announced: Duration {
            reply.retryAfter(now: clock.date()).flatMap { $0 < .seconds(1) ? nil : $0 } ?? customary
        }
        return switch reply.status {
        case 429, 412: announced
        case 500, 502, 504: customary
        case 503: reply.isSealed ? nil : announced
        case 400 where reply.isBeingUpgraded: customary
        default: nil
        }
    }

    /// A standby's refusal with the address of the active server, where the standby knows it.
    private func named(_ reply: OpenBaoResponse, by deadline: Duration) async throws -> OpenBaoResponse {
        guard reply.isStandby, clock.now() < deadline else { return reply }
        var reply = reply
        reply.leader = await ServerProbe.leader(of: reply.link, clock, by: deadline)
        return reply
    }
}

/// What one request to one server came to, and how long it took.
struct BaoExchange: Sendable {
    let result: Result<OpenBaoResponse, any Error>
    let time: Duration

    /// Whether the server may have done what was asked although there is no answer.
    var mayHaveArrived: Bool {
        switch result {
        case .success(let reply): reply.mayHaveDone
        case .failure(let error as HTTPTransportError): !Self.beforeSending.contains(error.code)
        case .failure: true
        }
    }
}

extension BaoExchange {
    /// Failures after which nothing was sent.
    private static var beforeSending: Set<HTTPTransportError.Code> {
        [
            .cannotConnect, .unknownHost, .insecure, .untrustedCertificate, .expiredCertificate,
            .certificateNotYetValid,
            .wrongHost, .clientCertificateRequired, .plainHTTP, .invalidURL, .invalidRequest, .invalidSettings,
            .loopbackThroughProxy, .missingLibrary,
        ]
    }
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
    /// - Throws: A ``BaoFailure`` if the redirect asks one of ours for something else, since with the token another
    ///   path may seal the server, or without TLS.
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
        func refusal(of what: String, remedy: String) -> BaoFailure {
            .unavailable(
                "OpenBao at \(link.address.shown) redirects \(what), and such redirects are not followed",
                remedy: remedy
            )
            .through(reply.proxy)
        }
        if link.address.isTLS, !origin.hasPrefix("https:") {
            throw refusal(of: "from https to http", remedy: "check 'address', and the server's own api_addr")
        }
        if let target = known.first(where: { $0.address.isReached(by: url, at: request.path) }) { return target }
        throw refusal(
            of: "a request to another path",
            remedy: "check 'address': a redirect may lead to another server only, for the same path"
        )
    }

    private func transmit(
        _ request: BaoRequest,
        _ mark: String?,
        to link: ServerLink,
        by end: Duration
    ) async throws -> OpenBaoResponse {
        var headers = ["X-Vault-Request": "true", "Accept": "application/json"]
        request.identity?.sign(&headers)
        if let namespace = request.namespace { headers["X-Vault-Namespace"] = namespace }
        if request.body != nil { headers["Content-Type"] = request.contentType }
        if let mark {
            headers["X-Vault-Index"] = mark
            headers["X-Vault-Inconsistent"] = "forward-active-node"
        }
        let url = link.address.base + request.path
        let message = HTTPTransportRequest(method: request.method, url: url, headers: headers, body: request.body)
        return try await link.send(message, within: end - clock.now(), limit: Self.bodyLimit, clock)
    }
}
