/// What a registry was made with and every call through it obeys.
@usableFromInline
struct CallSettings: Sendable {
    @usableFromInline let maximumDepth: Int
    @usableFromInline let clock: AnyClock

    /// Refuses to run hooks that may call extension points more deeply than allowed.
    @inlinable
    func checkDepth(_ depth: Int, point: String) throws(HookRecursionError) {
        guard depth < maximumDepth else { throw HookRecursionError(point: point, limit: maximumDepth) }
    }
}

/// How many hooks that may call extension points are being run above the present code.
///
/// Child tasks and `Task { }` inherit the number; a detached task starts at 0 again.
@usableFromInline
enum Reentrancy {
    @usableFromInline static let depth = TaskLocal<Int>(wrappedValue: 0)
}

/// A clock of any type, reduced to what deadlines and waits need.
@usableFromInline
package struct AnyClock: Sendable {
    /// The time since this was made.
    @usableFromInline package let now: @Sendable () -> Duration

    /// Waits for so long.
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(_ clock: some Clock<Duration> = ContinuousClock()) {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0.bounded) }
    }
}

extension Duration {
    /// A hundred years, and for every clock as good as forever: what is longer overflows once it is added to a moment.
    package static var century: Duration { .seconds(36_500 * 86_400) }

    /// The duration between nothing and a hundred years, for whoever adds it to a moment or waits for it.
    package var bounded: Duration { min(max(self, .zero), .century) }
}

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
    call = try await withThrowingTaskGroup(of: Call?.self) { group in
        group.addTask {
            var call = original
            try await action(&call)
            return call
        }
        group.addTask {
            // The caller was cancelled: what the closure makes of that counts, not the timer.
            do { try await clock.sleep(deadline) } catch { return nil }
            throw HookDeadlineExceeded(deadline: deadline)
        }
        defer { group.cancelAll() }
        while let first = try await group.next() {
            if let first { return first }
        }
        throw HookDeadlineExceeded(deadline: deadline)
    }
}
