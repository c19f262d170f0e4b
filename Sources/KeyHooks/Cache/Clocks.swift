import ExtensionHooks
package import LightFoundation

/// The two clocks of a source: one that only goes forward for TTLs and deadlines, and the wall's for what the source
/// dates.
package struct SourceClock: Sendable {
    /// The time since this was made.
    package let now: @Sendable () -> Duration

    /// Waits for so long.
    package let sleep: @Sendable (Duration) async throws -> Void

    /// The date.
    package let date: @Sendable () -> Date

    /// Reduces a clock of any type.
    package init(_ clock: some Clock<Duration>, date: @escaping @Sendable () -> Date) {
        let clock = AnyClock(clock)
        (now, sleep) = (clock.now, clock.sleep)
        self.date = date
    }
}

extension SourceClock {
    /// Waits until tasks have ended, whatever comes of them.
    ///
    /// - Parameters:
    ///   - tasks: The tasks; they go on if it takes too long.
    ///   - limit: How long it may take.
    /// - Throws: A `CancellationError` if it takes too long, or if the caller was cancelled.
    func wait<Success, Failure>(for tasks: [Task<Success, Failure>], within limit: Duration) async throws {
        guard !tasks.isEmpty, limit > .zero else { return }
        let wait = { @Sendable () async throws in for task in tasks { _ = await task.result } }
        try await reading(within: limit, sleep: sleep, lateError: { CancellationError() }, wait)
    }
}

/// The present, as one step of a cache sees it.
struct CacheMoment: Sendable {
    /// The moment on the clock that only goes forward.
    let now: Duration

    /// The date, which is asked for only where a source dates.
    let date: @Sendable () -> Date
}
