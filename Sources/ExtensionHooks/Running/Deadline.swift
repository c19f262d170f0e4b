/// Runs a closure that may wait with a deadline.
///
/// The deadline is cooperative: when it is over the closure's task is cancelled, and the call goes on when the closure
/// returns. Swift cannot stop code that does not look at its cancellation.
func withDeadline<Call: Sendable>(
    _ deadline: Duration,
    clock: HookClock,
    _ call: inout Call,
    _ action: @escaping @Sendable (inout Call) async throws -> Void
) async throws {
    let original = call
    call = try await withThrowingTaskGroup(of: Call?.self) { group in
        group.addTask {
            var call = original
            try await action(&call)
            return call
        }
        group.addTask {
            try await clock.sleep(deadline)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let finished = first else {
            throw HookDeadlineExceeded(deadline: deadline)
        }
        return finished
    }
}
