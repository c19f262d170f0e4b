import HTTPTransport
import KeyHooks

/// What asking the servers has come to so far.
struct AskedServers {
    private let request: BaoRequest
    private let health: ServerHealth
    private let index: ConsistencyIndex

    private var answer: OpenBaoResponse?
    private var heard = HeardReplies()
    private var doubt: BaoFailure?
    private var ownReply: OpenBaoResponse?
    private var foreignReply: OpenBaoResponse?
    private var failures: [BaoFailure] = []

    /// The servers that got the state that was seen, and have failed for another reason than that.
    private var hopeless: Set<Int> = []

    init(_ request: BaoRequest, _ health: ServerHealth, _ index: ConsistencyIndex) {
        self.request = request
        self.health = health
        self.index = index
    }

    /// Whether an attempt is allowed and may bring what those before it did not.
    func isWanted(_ attempt: BaoAttempt) -> Bool {
        !hopeless.contains(attempt.server) && health.mayAsk(attempt.server)
    }

    /// Notes an outcome; true if it stands.
    mutating func take(_ attempt: BaoAttempt, _ outcome: BaoExchange) throws -> Bool {
        switch outcome.result {
        case .success where !health.mayAsk(attempt.server):
            // It was asked beside one whose TLS turned out to be broken.
            hopeless.insert(attempt.server)
            return false
        case .success(let reply):
            if reply.isOwn { index.note(reply.headers["x-vault-index"], at: health.clock.now()) }
            return take(attempt, reply, after: outcome.time)
        case .failure(let error as HTTPTransportError):
            hopeless.insert(attempt.server)
            let bar = ServerBar(error.code)
            health.failed(attempt.server, bar)
            let link = health.links[attempt.server]
            failures.append(BaoFailure(error, at: link))
            return bar == .settings
        case .failure(let error): throw error
        }
    }

    private mutating func take(_ attempt: BaoAttempt, _ reply: OpenBaoResponse, after time: Duration) -> Bool {
        let mayPassWithoutMark = attempt.mark != nil && (reply.isBehindIndex || reply.isStandby)
        if mayPassWithoutMark || reply.isBehindIndex { heard.isBehind = true }
        if !mayPassWithoutMark { hopeless.insert(attempt.server) }
        guard reply.isAnswer, !mayPassWithoutMark else {
            if !reply.isBehindIndex { health.failed(attempt.server) }
            if reply.isOwn { ownReply = ownReply ?? reply } else { foreignReply = foreignReply ?? reply }
            return false
        }
        if let doubt = request.doubt?(reply, heard) {
            health.lagged(attempt.server)
            heard.doubted.append(reply)
            self.doubt = self.doubt ?? doubt
            return false
        }
        health.answered(attempt.server, after: time)
        answer = reply
        return true
    }

    /// Whether there is no answer, and not because those that there were cannot be believed.
    var isOutage: Bool { answer == nil && doubt == nil }

    /// What it comes to: the answer, or what says most about why there is none.
    var outcome: Result<OpenBaoResponse, BaoFailure> {
        if let answer { return .success(answer) }
        // Somebody in between must not be able to make a weaker source answer by silencing the other servers.
        if let grave = failures.first(where: { !$0.isOutage }) { return .failure(grave) }
        if let doubt { return .failure(doubt) }
        if let reply = ownReply ?? foreignReply { return .success(reply) }
        let failure = failures.first ?? BaoFailure(HTTPTransportError(.timedOut))
        return .failure(failures.count > 1 ? failure.andOthers(failures.count - 1) : failure)
    }
}
