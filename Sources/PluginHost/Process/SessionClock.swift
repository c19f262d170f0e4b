import ExtensionHooks

/// A clock for deadlines and waits whose type nobody needs to know.
package struct SessionClock: Sendable {
    /// The time since the clock was made.
    let now: @Sendable () -> Duration
    let sleep: @Sendable (Duration) async throws -> Void

    init(_ clock: some Clock<Duration> = ContinuousClock()) {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0.bounded) }
    }
}
