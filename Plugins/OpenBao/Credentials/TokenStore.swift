import KeyHooks
import Synchronization

/// The token that reads are made with: read from where it is, or got by one login for all who need it.
final class TokenStore: Sendable {
    /// There is one token a plugin.
    private enum Only: Hashable { case token }

    /// The token that nobody logs in for.
    private let kept: KeptToken

    /// The token of a login; nil where nobody logs in.
    private let logins: TTLCache<Only, APIKey>?

    private let files: CredentialFiles
    private let clock: SourceClock
    private let refusals = Mutex(Refusals())

    /// How often tokens were refused that had just been got, and until when no other is got therefore.
    private struct Refusals {
        var count = 0
        var pausedUntil = Duration.zero
    }

    /// Where tokens are from, as it follows "the token".
    var origin: String { login.origin }

    private let login: BaoLogin

    /// Whether getting a token asks the server and may take time.
    var asksServer: Bool { logins != nil }

    init(_ login: BaoLogin, clock: some Clock<Duration>, sourceClock: SourceClock) {
        self.clock = sourceClock
        self.login = login
        let files = CredentialFiles(login.files, sourceClock)
        self.files = files
        kept = KeptToken(files, sourceClock) { try login.readToken() }
        guard login.appRole != nil else {
            logins = nil
            return
        }
        // The lease decides; a token that never ends is got again now and then. `LoginRefusals` has the rest to say on
        // how often logins are tried.
        let policy = CachePolicy(timeToLive: .seconds(3600), failureBackoff: .seconds(1)...(.seconds(1)), capacity: 1)
        // A login that fails says nothing of the token that is there: it is good until its lease ends.
        logins = TTLCache(policy: policy, clock: clock, date: sourceClock.date, handling: Self.handling) { _, _ in
            files.note()
            return try await login.token()
        }
    }

    private static func handling(_ error: any Error) -> CacheFailureHandling {
        if case .passing(let retryAfter) = BaoFailure.handling(of: error) { return .passing(retryAfter: retryAfter) }
        return .passing()
    }

    /// The token if nobody has to log in first.
    func immediateToken() throws -> APIKey? {
        guard let logins else { return try kept.token() }
        do {
            return try logins.immediateValue(for: .token)?.reading.content
        } catch {
            guard files.haveChanged() else { throw error }
            credentialsChanged()
            return nil
        }
    }

    func token() async throws -> APIKey {
        guard let logins else { return try kept.token() }
        guard let token = try await logins.value(for: .token).reading.content else {
            preconditionFailure("a login brings a token or fails")
        }
        return token
    }

    /// Gets another token after the server refused one; nil if there is no other.
    ///
    /// Of many readers with the same dead token one logs in and all get the new one.
    func token(insteadOf dead: APIKey) async throws -> APIKey? {
        guard let logins else { return try kept.token(insteadOf: dead) }
        if let token = try immediateToken(), token != dead { return token }
        if clock.now() < refusals.withLock({ $0.pausedUntil }) {
            guard files.haveChanged() else { return nil }
            credentialsChanged()
        }
        logins.invalidate(.token, if: { $0.content == dead })
        let token = try await token()
        return token == dead ? nil : token
    }

    /// Tries what is in the files now, whatever became of what was in them before; `LoginRefusals` knows if it is the
    /// same.
    private func credentialsChanged() {
        refusals.withLock { $0 = Refusals() }
        logins?.invalidate(.token)
    }

    /// Notes that a token was refused that had just been got: another login would change nothing, so none is tried for
    /// a while that doubles each time, unless the credentials change.
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

    /// Says that the servers answer again, so that a login is tried at once.
    func sourceRecovered() {
        logins?.sourceRecovered()
    }
}

/// A token from a variable or a file, which nobody logs in for.
///
/// A file is read again when it was changed, at once when the server refuses the token, and once an hour. While one
/// cannot be read, or holds no token, the token that was read before is used: agents do not all write a file in one
/// step.
final class KeptToken: Sendable {
    private static let longest = Duration.seconds(3600)

    private let read: @Sendable () throws -> APIKey
    private let files: CredentialFiles
    private let clock: SourceClock
    private let state = Mutex<(token: APIKey, since: Duration)?>(nil)

    init(_ files: CredentialFiles, _ clock: SourceClock, _ read: @escaping @Sendable () throws -> APIKey) {
        self.read = read
        self.files = files
        self.clock = clock
    }

    func token() throws -> APIKey {
        let now = clock.now()
        guard let kept = state.withLock(\.self) else { return try again() }
        guard now - kept.since >= Self.longest || files.haveChanged() else { return kept.token }
        return (try? again()) ?? kept.token
    }

    /// The token of the source as it is now, in place of one that the server refused; nil if it is still that.
    func token(insteadOf dead: APIKey) throws -> APIKey? {
        let token = try again()
        return token == dead ? nil : token
    }

    private func again() throws -> APIKey {
        files.note()
        let token = try read()
        let now = clock.now()
        state.withLock { $0 = (token, now) }
        return token
    }
}
