import ExtensionHooks
import LightFoundation
import Synchronization

/// Reads with a deadline; a read that does not end when it is cancelled holds nobody up.
///
/// Unlike the deadline of a hook this one is not cooperative: many callers wait for a read, and a client that never
/// comes back must not keep all of them.
package func reading<Result: Sendable>(
    within limit: Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    lendingThread: Bool = false,
    lateError: @escaping @Sendable () -> any Error,
    _ read: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let race = ReadRace<Result>()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            race.begin(continuation)
            let run = { @Sendable in
                do {
                    race.end(.success(try await read()))
                } catch {
                    race.end(.failure(error))
                }
            }
            // On this thread until the source has to be waited for, where it never blocks: waking another one takes its
            // time.
            if lendingThread, #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
                race.add(Task.immediateDetached(priority: Task.currentPriority, operation: run))
            } else {
                race.add(Task.detached(priority: Task.currentPriority, operation: run))
            }
            race.add(
                Task.detached(priority: Task.currentPriority) {
                    // A clock that throws says nothing of the read.
                    guard (try? await sleep(limit.bounded)) != nil else { return }
                    race.end(.failure(lateError()))
                }
            )
        }
    } onCancel: {
        race.end(.failure(CancellationError()))
    }
}

/// What ends first: a read, its deadline, or the interest in it.
private final class ReadRace<Result: Sendable>: Sendable {
    private typealias Waiting = CheckedContinuation<Result, any Error>

    private struct State {
        var waiting: Waiting?
        var outcome: Swift.Result<Result, any Error>?
        var tasks: [Task<Void, Never>] = []
    }

    private let state = Mutex(State())

    func begin(_ continuation: CheckedContinuation<Result, any Error>) {
        let outcome = state.withLock { state in
            if state.outcome == nil { state.waiting = continuation }
            return state.outcome
        }
        if let outcome { continuation.resume(with: outcome) }
    }

    func add(_ task: Task<Void, Never>) {
        let isOver = state.withLock { state in
            if state.outcome == nil { state.tasks.append(task) }
            return state.outcome != nil
        }
        if isOver { task.cancel() }
    }

    func end(_ outcome: Swift.Result<Result, any Error>) {
        let (waiting, tasks) = state.withLock { state in
            guard state.outcome == nil else { return (Waiting?.none, [Task<Void, Never>]()) }
            state.outcome = outcome
            defer { (state.waiting, state.tasks) = (nil, []) }
            return (state.waiting, state.tasks)
        }
        for task in tasks { task.cancel() }
        waiting?.resume(with: outcome)
    }
}
