import ClockTestSupport
import Synchronization

/// A clock on which short waits are over at once and noted, while long ones last until they are cancelled.
///
/// So a pause before a repetition costs a test nothing, and what bounds a request strikes only as often as a test wants.
final class PassingClock: Clock, Sendable {
    typealias Instant = ManualClock.Instant

    private let state: Mutex<(now: Instant, waits: [Duration], strikes: Int)>

    /// With strikes that many of the long waits are over at once as well.
    init(strikes: Int = 0) {
        state = Mutex((Instant(), [], strikes))
    }

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    /// The waits that have passed.
    var waits: [Duration] { state.withLock { $0.waits } }

    func advance(by duration: Duration) {
        state.withLock { $0.now = $0.now.advanced(by: duration) }
    }

    func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let isOver = state.withLock { state in
            let wait = state.now.duration(to: deadline)
            if wait > .seconds(100) {
                guard state.strikes > 0 else { return false }
                state.strikes -= 1
            }
            state.now = deadline
            state.waits.append(wait)
            return true
        }
        if isOver { return }
        for await _ in AsyncStream<Never>.makeStream().stream {}
        throw CancellationError()
    }
}
