import HTTPTransport
import KeyHooks

/// Tries several ways to the same end: the next one when one has failed, or has taken longer than usual.
///
/// So one server that hangs costs a moment and not the whole deadline, and servers in good health get one request each
/// time.
enum HedgedRace {
    private enum Event<Outcome: Sendable>: Sendable {
        case outcome(Int, Outcome)
        case patienceOver(Int)
    }

    /// Begins attempts until one is taken.
    ///
    /// - Parameters:
    ///   - attempts: The ways, the best one first.
    ///   - clock: What measures patience.
    ///   - patience: How long to wait for an attempt before the next one begins beside it.
    ///   - isWanted: Whether an attempt is of use by the time that it would begin.
    ///   - body: Makes an attempt. It must end when its task is cancelled.
    ///   - take: Looks at an outcome, with the attempts under way that have taken longer than usual; true ends the
    ///     race.
    /// - Throws: What `take` throws; a `CancellationError`.
    static func run<Attempt: Sendable, Outcome: Sendable>(
        _ attempts: [Attempt],
        _ clock: SourceClock,
        patience: (Attempt) -> Duration,
        isWanted: (Attempt) -> Bool = { _ in true },
        body: @escaping @Sendable (Attempt) async -> Outcome,
        take: (Attempt, Outcome, _ overdue: [Attempt]) throws -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: Event<Outcome>.self) { group in
            defer { group.cancelAll() }
            var next = 0
            var running: Set<Int> = []
            var overdue: Set<Int> = []
            func begin() {
                while next < attempts.count, !isWanted(attempts[next]) { next += 1 }
                guard next < attempts.count else { return }
                let (number, attempt) = (next, attempts[next])
                running.insert(number)
                next += 1
                group.addTask { .outcome(number, await body(attempt)) }
                guard next < attempts.count else { return }
                let wait = patience(attempt)
                group.addTask {
                    try await clock.sleep(wait)
                    return .patienceOver(number)
                }
            }
            begin()
            while !running.isEmpty, let event = try await group.next() {
                switch event {
                case .patienceOver(let number):
                    guard running.contains(number) else { continue }
                    overdue.insert(number)
                    begin()
                case .outcome(let number, let outcome):
                    running.remove(number)
                    let slow = running.intersection(overdue).map { attempts[$0] }
                    if try take(attempts[number], outcome, slow) { return }
                    if running.isEmpty { begin() }
                }
            }
        }
    }
}
