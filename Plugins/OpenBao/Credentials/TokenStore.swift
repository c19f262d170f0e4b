import KeyHooks
import Synchronization

/// The token that reads are made with: got once for all who need it, renewed before its lease ends, dropped when the
/// server no longer knows it.
final class TokenStore: Sendable {
    /// There is one token a plugin.
    private enum Only: Hashable { case token }

    private let cache: TTLCache<Only, APIKey>
    private let clock: PluginClock
    /// Until when no new token is got, because the last one was refused at once.
    private let refusedUntil = Mutex(Duration.zero)
    private static let pause = Duration.seconds(1)

    init(_ login: BaoLogin, clock: some Clock<Duration>, pluginClock: PluginClock) throws(KeyResolutionError) {
        self.clock = pluginClock
        // The lease decides; a token that never ends is read again now and then, since its file may change.
        let policy = CachePolicy(timeToLive: .seconds(3600), capacity: 1)
        cache = try TTLCache(
            policy: policy,
            clock: clock,
            date: pluginClock.date,
            handling: BaoFailure.handling
        ) { _ in try await login.token() }
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
        if clock.now() < refusedUntil.withLock({ $0 }) { return nil }
        cache.invalidate(.token, if: { $0 == dead })
        let token = try await token()
        return token == dead ? nil : token
    }

    /// Notes that a token was refused that had just been got, so that a login for every read is not the consequence.
    func wasRefused() {
        refusedUntil.withLock { $0 = clock.now() + Self.pause }
    }
}
