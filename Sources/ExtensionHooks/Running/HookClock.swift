/// A clock of any type, reduced to what the engine needs.
@usableFromInline
struct HookClock: Sendable {
    /// The time since the registry was made.
    @usableFromInline let elapsed: @Sendable () -> Duration
    let sleep: @Sendable (Duration) async throws -> Void

    init(_ clock: some Clock<Duration>) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0.bounded) }
    }
}

extension Duration {
    /// A hundred years, and for every clock as good as for ever: what is longer overflows once it is added to a moment.
    package static var century: Duration { .seconds(36_500 * 86_400) }

    /// The duration between nothing and a hundred years, for whoever adds it to a moment or waits for it.
    package var bounded: Duration { min(max(self, .zero), .century) }
}
