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

/// The present, as one step of a cache sees it.
struct CacheMoment: Sendable {
    /// The moment on the clock that only goes forward.
    let now: Duration

    /// The date, which is asked for only where a source dates.
    let date: @Sendable () -> Date
}
