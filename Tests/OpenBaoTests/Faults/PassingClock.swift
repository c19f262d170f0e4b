import Synchronization

/// A clock on which short waits are over at once and noted, while long ones last until they are cancelled.
///
/// So a pause before a repetition costs a test nothing, and what bounds a request never strikes by itself.
final class PassingClock: Clock, Sendable {
    typealias Instant = ManualClock.Instant

    private let state = Mutex<(now: Instant, waits: [Duration])>((Instant(), []))

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    /// The waits that have passed.
    var waits: [Duration] { state.withLock { $0.waits } }

    func advance(by duration: Duration) {
        state.withLock { $0.now = $0.now.advanced(by: duration) }
    }

    func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let isShort = state.withLock { state in
            let wait = state.now.duration(to: deadline)
            guard wait <= .seconds(100) else { return false }
            state.now = deadline
            state.waits.append(wait)
            return true
        }
        if isShort { return }
        for await _ in AsyncStream<Never>.makeStream().stream {}
        throw CancellationError()
    }
}
