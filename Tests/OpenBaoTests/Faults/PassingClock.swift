import KeyHooksTesting
import Synchronization

/// A clock on which pauses before a repetition are over at once and noted, while all other waits last until they are
/// cancelled: those of less than a second, in which a server is given time, those of two, in which one is looked at,
/// and long ones, which bound a request.
///
/// So a pause costs a test nothing, and patience and deadlines strike only as often as a test wants.
final class PassingClock: Clock, Sendable {
    typealias Instant = ManualClock.Instant

    private struct State {
        var now = Instant()
        var waits: [Duration] = []
        var strikes: Int
        var hurries: Int
    }

    private let state: Mutex<State>

    /// With strikes that many of the long waits are over at once as well, with hurries that many of the short ones.
    init(strikes: Int = 0, hurries: Int = 0) {
        state = Mutex(State(strikes: strikes, hurries: hurries))
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
            } else if wait < .seconds(1) || wait == .seconds(2) {
                guard state.hurries > 0 else { return false }
                state.hurries -= 1
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
