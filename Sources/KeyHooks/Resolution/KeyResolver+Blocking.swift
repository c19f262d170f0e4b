import Dispatch
import Synchronization

extension KeyResolver {
    /// Asks for the main key of a service and blocks the thread until the answer is there; for scripts.
    ///
    /// Do not call it on a thread that a hook needs: not from an asynchronous function (the compiler refuses that), nor
    /// from an actor's thread. On the main thread a hook that needs the main actor would wait for ever.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    ///   - refresh: Whether no kept value will do at all, as after a provider refused one.
    /// - Returns: The key; nil if nobody has one or none is required.
    /// - Throws: As ``resolve(service:scope:maximumAge:refresh:)``.
    @available(*, noasync, message: "Use 'await getAPIKey(service:)' in asynchronous code.")
    public func getAPIKeyBlocking(
        service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) throws -> APIKey? {
        let outcome = BlockingOutcome()
        Task.detached {
            do {
                let key = try await self.getAPIKey(
                    service: service,
                    scope: scope,
                    maximumAge: maximumAge,
                    refresh: refresh
                )
                outcome.finish(.success(key))
            } catch {
                outcome.finish(.failure(error))
            }
        }
        return try outcome.wait()
    }
}

/// Hands a result from a task to a thread that waits for it.
private final class BlockingOutcome: Sendable {
    private let result = Mutex<Result<APIKey?, any Error>?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func finish(_ value: Result<APIKey?, any Error>) {
        result.withLock { $0 = value }
        semaphore.signal()
    }

    func wait() throws -> APIKey? {
        semaphore.wait()
        return try result.withLock { $0 }?.get()
    }
}
