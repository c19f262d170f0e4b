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
                if try round.take(attempt, await exchange(request, attempt, by: end)) { return }
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
        // Without an active node, nobody can vouch for the state that was seen; then the versions alone tell what is old.
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
