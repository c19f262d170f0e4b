/// Runs a closure that may wait with a deadline.
///
/// The deadline is cooperative: when it is over the closure's task is cancelled, and the call goes on when the closure
/// returns. Swift cannot stop code that does not look at its cancellation.
func withDeadline<Call: Sendable>(
    _ deadline: Duration,
    clock: AnyClock,
    _ call: inout Call,
    _ action: @escaping @Sendable (inout Call) async throws -> Void
) async throws {
    let original = call
    call = try await withThrowingTaskGroup(of: DeadlineRace<Call>.self) { group in
        group.addTask {
            var call = original
            try await action(&call)
            return .finished(call)
        }
        group.addTask {
            do { try await clock.sleep(deadline) } catch { return .calledOff }
            return .expired
        }
        defer { group.cancelAll() }
        while let first = try await group.next() {
            switch first {
            case .finished(let call): return call
            case .expired: throw HookDeadlineExceeded(deadline: deadline)
            // The caller was cancelled: what the closure makes of that counts, not the timer.
            case .calledOff: continue
            }
        }
        throw HookDeadlineExceeded(deadline: deadline)
    }
}

/// What happened first in a race of a closure with its deadline.
private enum DeadlineRace<Call: Sendable>: Sendable {
    case finished(Call)
    case expired
    case calledOff
}
