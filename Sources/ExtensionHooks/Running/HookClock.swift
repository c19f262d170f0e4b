/// A clock of any type, reduced to what the engine needs.
@usableFromInline
struct HookClock: Sendable {
    /// The time since the registry was made.
    @usableFromInline let elapsed: @Sendable () -> Duration
    let sleep: @Sendable (Duration) async throws -> Void

    init(_ clock: some Clock<Duration>) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
    }
}
