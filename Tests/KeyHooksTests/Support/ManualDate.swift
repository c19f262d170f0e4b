import Foundation
import Synchronization

/// A wall clock that stands still, and may be set like any other.
final class ManualDate: Sendable {
    private let state = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { state.withLock { $0 } }

    /// Sets the clock forward, or back if the interval is negative.
    func jump(by interval: TimeInterval) {
        state.withLock { $0 += interval }
    }
}
