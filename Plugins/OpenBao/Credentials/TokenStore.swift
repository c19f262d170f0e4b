import KeyHooks
import Synchronization

/// The token that reads are made with: got once for all who need it, renewed before its lease ends, dropped when the
/// server no longer knows it.
final class TokenStore: Sendable {
    /// There is one token a plugin.
    private enum Only: Hashable { case token }

    private let cache: TTLCache<Only, APIKey>
    private let clock: PluginClock

    /// Whether getting a token asks the server and may take time.
    let asksServer: Bool
    private let refusals = Mutex(Refusals())

    /// How often tokens were refused that had just been got, and until when no other is got therefore.
    private struct Refusals {
        var count = 0
        var pausedUntil = Duration.zero
    }

    init(_ login: BaoLogin, clock: some Clock<Duration>, pluginClock: PluginClock) throws(KeyResolutionError) {
        self.clock = pluginClock
        asksServer = login.appRole != nil
        // The lease decides; a token that never ends is read again now and then, since its file may change.
        let policy = CachePolicy(timeToLive: .seconds(3600), failureBackoff: .seconds(1)...(.seconds(10)), capacity: 1)
        // A login that fails says nothing of the token that is there: it is good until its lease ends.
        cache = try TTLCache(policy: policy, clock: clock, date: pluginClock.date, handling: Self.handling) { _ in
            try await login.token()
        }
    }

    private static func handling(_ error: any Error) -> CacheFailureHandling {
        if case .passing(let retryAfter) = BaoFailure.handling(of: error) { return .passing(retryAfter: retryAfter) }
        return .passing()
    }

    /// The token if nobody has to log in first.
    func immediateToken() throws -> APIKey? {
        try cache.immediateValue(for: .token)?.value
    }

    func token() async throws -> APIKey {
        try await cache.value(for: .token).value
    }

    /// Gets another token after the server refused one; nil if there is no other.
    ///
    /// Of many readers with the same dead token one logs in and all get the new one.
    func token(insteadOf dead: APIKey) async throws -> APIKey? {
        if let token = try immediateToken(), token != dead { return token }
        if clock.now() < refusals.withLock({ $0.pausedUntil }) { return nil }
        cache.invalidate(.token, if: { $0 == dead })
        let token = try await token()
        return token == dead ? nil : token
    }

    /// Notes that a token was refused that had just been got: another login would change nothing, so none is tried for
    /// a while that doubles each time.
    func wasRefused() {
        let now = clock.now()
        refusals.withLock { refusals in
            guard now >= refusals.pausedUntil else { return }
            refusals.pausedUntil = now + .seconds(min(300, 1 << min(refusals.count, 10)))
            refusals.count += 1
        }
    }

    /// Notes that a token that had just been got was taken.
    func wasAccepted() {
        refusals.withLock { $0.count = 0 }
    }
}
