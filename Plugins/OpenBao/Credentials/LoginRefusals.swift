import Synchronization

/// Keeps logins that the server refuses from being tried so often that the server locks the role or the user.
///
/// OpenBao locks for 15 minutes after five refused logins, against the right credentials too. So the same credentials
/// are tried twice, in case the server was late to know them, and then once in a while. That a file was written again
/// makes them no others: what counts is what is in it.
final class LoginRefusals: Sendable {
    /// How long the same credentials are left alone.
    private let pause: Duration

    private struct State {
        /// Which credentials were refused; a hash, so that they are not kept.
        var credentials = 0
        var count = 0
        var last: BaoFailure?
        var pausedUntil = Duration.zero
    }

    private let state = Mutex(State())

    init(pause: Duration = .seconds(300)) {
        self.pause = pause
    }

    /// The refusal of these credentials that stands for now, so that no login is to be tried; nil if one is.
    func standing(for credentials: Int, at now: Duration) -> BaoFailure? {
        state.withLock { $0.credentials == credentials && $0.count > 1 && now < $0.pausedUntil ? $0.last : nil }
    }

    /// Notes that the server refused a login with these credentials.
    func note(_ refusal: BaoFailure, of credentials: Int, at now: Duration) {
        state.withLock { state in
            let count = state.credentials == credentials ? state.count : 0
            state = State(credentials: credentials, count: count + 1, last: refusal, pausedUntil: now + pause)
        }
    }

    /// Forgets refusals: a login succeeded.
    func forget() {
        state.withLock { state in
            if state.count > 0 { state = State() }
        }
    }
}
