import HTTPTransport
import KeyHooks

/// One way to ask: which server, and whether it gets the state of the cluster that was seen.
struct BaoAttempt: Hashable, Sendable {
    let server: Int
    var mark: String?
}

extension BaoClient {
    /// Asks the servers until one has an answer of its own.
    func ask(_ request: BaoRequest, by deadline: Duration) async throws -> Result<OpenBaoResponse, BaoFailure> {
        let mark = request.isRead ? index.mark?.header : nil
        let order = health.order()
        var round = AskedServers(request, health, index)
        if order.count == 1 || !request.isRead {
            try await askInTurn(request, mark, order, by: deadline, &round)
        } else {
            try await askSideBySide(request, mark, order, by: deadline, &round)
        }
        if round.isOutage { health.allFailed() }
        return round.outcome
    }

    /// Asks one server after the other, each for its share of the time.
    private func askInTurn(
        _ request: BaoRequest,
        _ mark: String?,
        _ order: [Int],
        by deadline: Duration,
        _ round: inout AskedServers
    ) async throws {
        let order = request.isRead ? order : try await proven(order)
        for (position, server) in order.enumerated() {
            // One server that hangs must leave time for the others.
            let end = clock.now() + (deadline - clock.now()) / (order.count - position)
            for mark in mark == nil ? [nil] : [mark, nil] {
                let attempt = BaoAttempt(server: server, mark: mark)
                guard round.isWanted(attempt) else { continue }
                let outcome = await exchange(request, attempt, by: end)
                if try round.take(attempt, outcome) { return }
                guard request.isWrite, outcome.mayHaveArrived else { continue }
                return round.end(with: outcome)
            }
        }
    }

    /// Asks the next server also when one takes longer than usual; the first answer counts.
    private func askSideBySide(
        _ request: BaoRequest,
        _ mark: String?,
        _ order: [Int],
        by deadline: Duration,
        _ round: inout AskedServers
    ) async throws {
        // Without an active node, nobody can vouch for the state that was seen; then the versions alone tell what is
        // old.
        let attempts =
            order.map { BaoAttempt(server: $0, mark: mark) } + (mark == nil ? [] : order.map { BaoAttempt(server: $0) })
        try await HedgedRace.run(
            attempts,
            clock,
            patience: { health.patience(with: $0.server) },
            isWanted: { round.isWanted($0) },
            body: { await exchange(request, $0, by: deadline) },
            take: { attempt, outcome, overdue in
                guard try round.take(attempt, outcome) else { return false }
                // Whoever was overtaken is asked last until it is seen to be well.
                for other in overdue where other.server != attempt.server && other.mark == attempt.mark {
                    health.failed(other.server)
                }
                return true
            }
        )
    }

    /// The servers for what may be sent to one at a time, one that is alive first.
    private func proven(_ order: [Int]) async throws -> [Int] {
        guard order.count > 1, !health.isProven(order[0]) else { return order }
        var alive: Int?
        try await HedgedRace.run(
            order,
            clock,
            patience: { _ in .milliseconds(200) },
            body: { [health, clock] in await ServerProbe.look(at: health.links[$0], clock) },
            take: { server, finding, overdue in
                if case .troubled(let bar) = finding {
                    health.failed(server, bar)
                    return false
                }
                for other in overdue { health.failed(other) }
                alive = server
                return true
            }
        )
        guard let alive else { return order }
        return [alive] + order.filter { $0 != alive }
    }
}

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
    private var last: Result<OpenBaoResponse, BaoFailure>?

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

    /// Ends the round with an outcome that was noted and leaves open whether the write was done: what others said before
    /// must not have it sent again.
    mutating func end(with outcome: BaoExchange) {
        last = (try? outcome.result.get()).map { .success($0) } ?? failures.last.map { .failure($0) }
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
        if let last { return last }
        // Somebody in between must not be able to make a weaker source answer by silencing the other servers.
        if let grave = failures.first(where: { !$0.isOutage }) { return .failure(grave) }
        if let doubt { return .failure(doubt) }
        if let reply = ownReply ?? foreignReply { return .success(reply) }
        let failure = failures.first ?? BaoFailure(HTTPTransportError(.timedOut))
        return .failure(failures.count > 1 ? failure.andOthers(failures.count - 1) : failure)
    }
}
