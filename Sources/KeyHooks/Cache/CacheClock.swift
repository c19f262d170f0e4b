import LightFoundation

/// The two clocks of a cache: one that only goes forward for TTLs, and the wall's for what a source dates.
@usableFromInline
struct CacheClock: Sendable {
    /// The time since the cache was made.
    @usableFromInline let now: @Sendable () -> Duration

    /// Waits for so long.
    let sleep: @Sendable (Duration) async throws -> Void

    /// The date.
    let date: @Sendable () -> Date

    init(_ clock: some Clock<Duration>, date: @escaping @Sendable () -> Date) {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
        self.date = date
    }
}
