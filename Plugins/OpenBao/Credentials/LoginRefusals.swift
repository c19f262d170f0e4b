import Synchronization

/// Keeps logins that the server refuses from being tried so often that the server locks the role.
///
/// OpenBao locks a role for 15 minutes after five refused logins, against the right secret id too. So the same
/// credentials are tried twice, in case the server was late to know them, and then once in five minutes.
final class LoginRefusals: Sendable {
    private static let pause = Duration.seconds(300)

    private struct State {
        var count = 0
        var last: BaoFailure?
        var pausedUntil = Duration.zero
    }

    private let state = Mutex(State())

    /// The refusal that stands for now, so that no login is to be tried; nil if one is.
    func standing(at now: Duration) -> BaoFailure? {
        state.withLock { $0.count > 1 && now < $0.pausedUntil ? $0.last : nil }
    }

    /// Notes that the server refused a login.
    func note(_ refusal: BaoFailure, at now: Duration) {
        state.withLock { $0 = State(count: $0.count + 1, last: refusal, pausedUntil: now + Self.pause) }
    }

    /// Forgets refusals: there are other credentials now, or a login succeeded.
    func forget() {
        state.withLock { $0 = State() }
    }
}
