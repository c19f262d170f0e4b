import HTTPTransport
import KeyHooks

/// A request to whichever server answers.
struct BaoRequest: Sendable {
    var method = "GET"
    let path: String
    var token: APIKey?
    var namespace: String?
    var body: [UInt8]?

    /// Why an answer cannot be believed, beside what was heard before; nil for one that can.
    var doubt: (@Sendable (OpenBaoResponse, HeardReplies) -> BaoFailure?)?

    /// Whether it may be sent to several servers at once: a login may use a secret id up.
    var isRead: Bool { method == "GET" }
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
    /// - Throws: A ``BaoFailure`` if no server replied in time, or none with what can be believed; a `CancellationError`.
    func send(_ request: BaoRequest, by deadline: Duration) async throws -> OpenBaoResponse {
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
                return try await named(outcome.get(), by: deadline)
            }
            repetitions += 1
            if wait > .zero { try await clock.sleep(wait) }
        }
    }

    /// How long to wait before the request is repeated; nil if that is no use.
    private func pause(after reply: OpenBaoResponse) -> Duration? {
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

    /// A standby's refusal with the address of the active server, where the standby knows it.
    private func named(_ reply: OpenBaoResponse, by deadline: Duration) async throws -> OpenBaoResponse {
        guard reply.isStandby, clock.now() < deadline else { return reply }
        var reply = reply
        reply.leader = await ServerProbe.leader(of: reply.link, clock, by: deadline)
        return reply
    }
}
