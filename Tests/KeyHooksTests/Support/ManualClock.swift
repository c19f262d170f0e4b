import Foundation
import Synchronization

/// A clock that stands still until it is told to advance, and that nobody may sleep on.
final class ManualClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset = Duration.zero

        func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }
        func duration(to other: Self) -> Duration { other.offset - offset }
        static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private let state: Mutex<Instant>

    /// Does not start at zero by default, since no clock of a machine does.
    init(offset: Duration = .seconds(12_345)) {
        state = Mutex(Instant(offset: offset))
    }

    var now: Instant { state.withLock { $0 } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func advance(by duration: Duration) {
        state.withLock { $0 = $0.advanced(by: duration) }
    }

    func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        preconditionFailure("nothing wakes a sleeper on this clock")
    }
}

/// A wall clock that stands still, and may be set like any other.
final class ManualDate: Sendable {
    private let state = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { state.withLock { $0 } }

    /// Sets the clock forward, or back if the interval is negative.
    func jump(by interval: TimeInterval) {
        state.withLock { $0 += interval }
    }
}
