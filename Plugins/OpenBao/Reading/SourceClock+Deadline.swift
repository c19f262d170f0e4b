import HTTPTransport
import KeyHooks
import Synchronization

extension SourceClock {
    /// Runs something and gives it up when its time is over.
    ///
    /// It is not waited for then: a transport of somebody else's may take no notice of its cancellation.
    ///
    /// - Throws: What it throws; an ``HTTPTransportError`` of the kind `timedOut`; a `CancellationError`.
    func run<Value: Sendable>(
        within time: Duration,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let race = Race<Value>()
        race.add(Task { race.end(await Result.catching(body)) })
        race.add(
            Task {
                try await sleep(time)
                race.end(.failure(HTTPTransportError(.timedOut)))
            }
        )
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { race.wait($0) }
        } onCancel: {
            race.end(.failure(CancellationError()))
        }
    }
}

/// Takes the first of several outcomes, and cancels what would bring another.
private final class Race<Value: Sendable>: Sendable {
    private struct State {
        var outcome: Result<Value, any Error>?
        var continuation: CheckedContinuation<Value, any Error>?
        var tasks: [Task<Void, any Error>] = []
    }

    private let state = Mutex(State())

    func add(_ task: Task<Void, any Error>) {
        let isOver = state.withLock { state in
            state.tasks.append(task)
            return state.outcome != nil
        }
        if isOver { task.cancel() }
    }

    func wait(_ continuation: CheckedContinuation<Value, any Error>) {
        let outcome = state.withLock { state -> Result<Value, any Error>? in
            if state.outcome == nil { state.continuation = continuation }
            return state.outcome
        }
        if let outcome { continuation.resume(with: outcome) }
    }

    func end(_ outcome: Result<Value, any Error>) {
        let (continuation, tasks) = state.withLock {
            state -> (CheckedContinuation<Value, any Error>?, [Task<Void, any Error>]) in
            guard state.outcome == nil else { return (nil, []) }
            state.outcome = outcome
            defer {
                state.continuation = nil
                state.tasks = []
            }
            return (state.continuation, state.tasks)
        }
        for task in tasks { task.cancel() }
        continuation?.resume(with: outcome)
    }
}

extension Result where Failure == any Error {
    fileprivate static func catching(_ body: @Sendable () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
