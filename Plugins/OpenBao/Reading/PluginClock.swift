import Foundation

/// A clock for deadlines and waits, and the wall's for what the server dates.
struct PluginClock: Sendable {
    let now: @Sendable () -> Duration
    let sleep: @Sendable (Duration) async throws -> Void
    let date: @Sendable () -> Date

    init(_ clock: some Clock<Duration>, date: @escaping @Sendable () -> Date) {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
        self.date = date
    }
}

extension PluginClock {
    /// Runs something and gives it up when its time is over.
    ///
    /// - Throws: What it throws; an ``HTTPTransportError`` of the kind `timedOut`.
    func run<Value: Sendable>(
        within time: Duration,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await sleep(time)
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next(), let value else { throw HTTPTransportError(.timedOut) }
            return value
        }
    }
}
