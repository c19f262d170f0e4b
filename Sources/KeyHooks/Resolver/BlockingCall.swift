import Dispatch
import Synchronization

/// Runs asynchronous work and blocks the thread until it is done.
///
/// - Parameter work: The work; it must not need this thread.
/// - Returns: What it returns.
/// - Throws: What it throws.
@available(*, noasync)
func blocking<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) throws -> Result {
    let outcome = BlockingOutcome<Result>()
    Task.detached {
        do {
            outcome.finish(.success(try await work()))
        } catch {
            outcome.finish(.failure(error))
        }
    }
    return try outcome.wait()
}

/// Hands a result from a task to a thread that waits for it.
private final class BlockingOutcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func finish(_ value: Result<Value, any Error>) {
        result.withLock { $0 = value }
        semaphore.signal()
    }

    func wait() throws -> Value {
        semaphore.wait()
        // It is there whenever the semaphore was signalled.
        return try result.withLock { $0! }.get()
    }
}
