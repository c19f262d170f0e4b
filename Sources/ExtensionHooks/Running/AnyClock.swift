/// A clock of any type, reduced to what deadlines and waits need.
@usableFromInline
package struct AnyClock: Sendable {
    /// The time since this was made.
    @usableFromInline package let now: @Sendable () -> Duration

    /// Waits for so long.
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(_ clock: some Clock<Duration> = ContinuousClock()) {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0.bounded) }
    }
}

extension Duration {
    /// A hundred years, and for every clock as good as for ever: what is longer overflows once it is added to a moment.
    package static var century: Duration { .seconds(36_500 * 86_400) }

    /// The duration between nothing and a hundred years, for whoever adds it to a moment or waits for it.
    package var bounded: Duration { min(max(self, .zero), .century) }
}
