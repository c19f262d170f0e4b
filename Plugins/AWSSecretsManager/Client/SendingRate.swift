#if AWS
import KeyHooks
import Synchronization

/// How often requests are sent: as often as anybody wants until AWS says that it is too often, then less often, and
/// faster again step by step.
///
/// For all callers of a client together: each by itself would be told so again and again.
final class SendingRate: Sendable {
    private struct State {
        /// Requests a second; nil for no limit.
        var rate: Double?

        /// The rate at which AWS had enough; twice that doesn't limit anything any more.
        var ceiling = 0.0

        /// The moment from which the next request may be sent.
        var next = Duration.zero

        /// When the last ones were sent, within a second.
        var sent: [Duration] = []
    }

    private let state = Mutex(State())

    /// Takes the next place.
    ///
    /// - Parameters:
    ///   - now: The moment on the clock.
    ///   - deadline: The moment at which it must be over.
    /// - Returns: How long to wait; nil if the place is beyond the deadline, and then it isn't taken.
    func reserve(at now: Duration, by deadline: Duration) -> Duration? {
        state.withLock { state in
            let moment = state.rate == nil ? now : max(now, state.next)
            guard moment < deadline || moment == now else { return nil }
            if let rate = state.rate { state.next = moment + .seconds(1 / rate) }
            state.sent.removeAll { $0 <= now - .seconds(1) }
            // More than that says nothing of what AWS takes.
            if state.sent.count < 1000 { state.sent.append(moment) }
            return moment - now
        }
    }

    /// Notes that AWS had too many.
    func throttled(at now: Duration) {
        state.withLock { state in
            let measured = Double(state.sent.count { $0 > now - .seconds(1) && $0 <= now })
            let usual = max(1, min(state.rate ?? measured, max(measured, 1)))
            state.ceiling = max(state.ceiling, usual)
            state.rate = max(0.5, usual * 0.7)
            state.next = max(state.next, now + .seconds(1 / (state.rate ?? 1)))
        }
    }

    /// Notes that AWS took one.
    func succeeded() {
        state.withLock { state in
            guard let rate = state.rate else { return }
            let faster = rate * 1.1
            state.rate = faster > state.ceiling * 2 ? nil : faster
            if state.rate == nil { state.ceiling = 0 }
        }
    }
}
#endif
