import KeyHooks
import LightFoundation
import ServerSettings
import Synchronization

/// What reads are made with: a token that is read from where it is, or what one login for all who need it gave.
final class TokenStore: Sendable {
    /// There is one login a plugin.
    enum Only: Hashable { case login }

    /// The token that nobody logs in for.
    private let kept: KeptToken

    /// What a login gave; nil where nobody logs in.
    let logins: TTLCache<Only, HeldLogin>?

    let keeper: TokenKeeper
    private let files: CredentialFiles
    private let clock: SourceClock
    private let refusals = Mutex(Refusals())
    private let isReplacing = Atomic(false)
    private let lives = GivenTokenLives()
    private let dropped = Mutex<[@Sendable (Int) -> Void]>([])

    /// How often tokens were refused that had just been got, and until when no other is got therefore.
    private struct Refusals {
        var count = 0
        var pausedUntil = Duration.zero
    }

    private var login: BaoLogin { keeper.login }

    /// Where tokens are from, as it follows "the token".
    var origin: String { login.origin(logins == nil ? login.ways.indices.first : keeper.held?.way ?? 0) }

    /// What answers, for explanations: a line for the login, and one for each that was passed over.
    var words: [String] { login.words(keeper.held?.way) }

    /// Which logins were passed over when one was tried last, and why.
    var warnings: [String] { login.passed.all.map { "OpenBao: \($0)" } }

    /// Whether getting a token asks the server and may take time.
    var asksServer: Bool { logins != nil }

    init(
        _ login: BaoLogin,
        clock: some Clock<Duration>,
        sourceClock: SourceClock,
        random: @escaping @Sendable () -> Double
    ) {
        self.clock = sourceClock
        let files = CredentialFiles(login.files, sourceClock)
        self.files = files
        let keeper = TokenKeeper(login, files)
        self.keeper = keeper
        kept = KeptToken(files, sourceClock) { try login.readToken() }
        guard !login.isGiven else {
            logins = nil
            return
        }
        // The lease decides, and a token is renewed in the last third of its life, at random; one of which nothing is
        // said is got again now and then. `LoginRefusals` has the rest to say on how often logins are tried.
        let policy = CachePolicy(timeToLive: .seconds(3600), failureBackoff: .seconds(1)...(.seconds(1)), capacity: 1)
        // A login that fails says nothing of the token that is there: it is good until its lease ends.
        logins = TTLCache(
            policy: policy,
            clock: clock,
            date: sourceClock.date,
            random: random,
            handling: Self.handling
        ) { _, _ in try await keeper.next() }
    }

    /// Revokes what was logged in for once nobody can use it, as when the configuration is read again.
    ///
    /// Whoever gives back what was lent for it holds this until then.
    deinit {
        guard keeper.hasOwnTokens else { return }
        Task.detached { [keeper] in
            // In the system's own time, whatever clock the requests had: nobody is there who would set that forward.
            let clock = SourceClock(ContinuousClock(), date: { Date() })
            try? await clock.run(within: .seconds(5)) { await keeper.shutdown(within: .seconds(5)) }
        }
    }

    private static func handling(_ error: any Error) -> CacheFailureHandling {
        if case .passing(let retryAfter) = BaoFailure.handling(of: error) { return .passing(retryAfter: retryAfter) }
        return .passing()
    }
}

extension TokenStore {
    /// As whom to ask if nobody has to log in first.
    func immediateIdentity() throws -> BaoIdentity? {
        guard let logins else { return BaoIdentity(try kept.token()) }
        do {
            guard let held = try logins.immediateValue(for: .login)?.reading.content else { return nil }
            return try identity(of: held)
        } catch {
            guard files.haveChanged() else { throw error }
            credentialsChanged()
            return nil
        }
    }

    func identity() async throws -> BaoIdentity {
        guard let logins else { return BaoIdentity(try kept.token()) }
        while true {
            guard let held = try await logins.value(for: .login).reading.content else {
                preconditionFailure("a login brings something or fails")
            }
            if let identity = try identity(of: held) { return identity }
            // Others have used the token up meanwhile.
            try Task.checkCancellation()
        }
    }

    /// Takes a use of what is held; nil if another is to be got.
    private func identity(of held: HeldLogin) throws -> BaoIdentity? {
        let way = login.ways[held.way]
        guard let token = held.token else {
            do {
                return BaoIdentity(try way.inline(login, index: held.way))
            } catch {
                guard held.way < login.ways.count - 1, way.goesOn(after: error, login.credentials) else { throw error }
                startOver()
                return nil
            }
        }
        if !held.isOwn, files.haveChanged() {
            files.note()
            // Agents do not all write a file in one step: until it is whole, the old one is used.
            if let reference = way.method.login.secret, let new = try? login.credentials.read(reference), new != token {
                startOver()
                return nil
            }
        }
        guard let uses = held.uses else { return BaoIdentity(token) }
        guard uses.take() else {
            keeper.drop(token)
            logins?.invalidate(.login, if: { $0.content?.token == token })
            return nil
        }
        if uses.isScarce { replaceAhead() }
        return BaoIdentity(token, uses: uses)
    }

    /// Gets another token while the one that is there has some uses left.
    private func replaceAhead() {
        guard let logins, !isReplacing.exchange(true, ordering: .relaxed) else { return }
        Task.detached { [self] in
            _ = try? await logins.value(for: .login, maximumAge: .zero)
            isReplacing.store(false, ordering: .relaxed)
        }
    }

    /// Gets another token, or another login, after the server refused one; nil if there is no other.
    ///
    /// Of many readers with the same dead token one logs in and all get the new one.
    func identity(insteadOf dead: BaoIdentity, after refusal: BaoFailure) async throws -> BaoIdentity? {
        guard let logins else {
            return try dead.token.flatMap { try kept.token(insteadOf: $0) }.map { BaoIdentity($0) }
        }
        if let inline = dead.inline { return try await identity(insteadOf: inline, after: refusal) }
        if let other = try immediateIdentity(), !other.isSame(as: dead) {
            if let token = dead.token { wasDropped(token) }
            return other
        }
        if clock.now() < refusals.withLock({ $0.pausedUntil }) {
            guard files.haveChanged() else { return nil }
            credentialsChanged()
        }
        if let token = dead.token {
            wasDropped(token)
            logins.invalidate(.login, if: { $0.content?.token == token })
        }
        let other = try await identity()
        return other.isSame(as: dead) ? nil : other
    }

    /// Forgets a token that the server refused, and tells whoever keeps what was lent for it.
    private func wasDropped(_ token: APIKey) {
        guard keeper.drop(token) else { return }
        for act in dropped.withLock(\.self) { act(token.mark) }
    }

    /// Says what to do when the server refuses a token that we logged in for: what it lent for it has ended as well.
    ///
    /// - Parameter act: Gets the token's mark, outside of locks.
    func onDrop(_ act: @escaping @Sendable (Int) -> Void) {
        dropped.withLock { $0.append(act) }
    }

    private func identity(insteadOf dead: InlineLogin, after refusal: BaoFailure) async throws -> BaoIdentity? {
        let way = login.ways[dead.way]
        if let fresh = try? way.inline(login, index: dead.way), fresh.credentials != dead.credentials {
            return BaoIdentity(fresh)
        }
        guard dead.way < login.ways.count - 1, way.goesOn(after: refusal, login.credentials) else { return nil }
        // Of many who were refused one begins anew; the others take what it gets.
        if let held = keeper.held, held.way == dead.way { startOver(besides: (dead.way, refusal)) }
        return try await identity()
    }

    /// Lets the next request begin with the first login of the list.
    func startOver(besides refused: (way: Int, failure: BaoFailure)? = nil) {
        keeper.startOver(besides: refused)
        logins?.invalidate(.login)
    }

    /// Tries what is in the files now, whatever became of what was in them before; `LoginRefusals` knows if it is the
    /// same.
    private func credentialsChanged() {
        refusals.withLock { $0 = Refusals() }
        startOver()
    }
}

extension TokenStore {
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

    /// What is known of a login that a request brings.
    func refusals(of inline: InlineLogin) -> LoginRefusals { login.ways[inline.way].refusals }

    /// Says that the servers answer again, so that a login is tried at once.
    func sourceRecovered() {
        logins?.sourceRecovered()
    }

    /// How long a token is good for, by its mark; nil if it doesn't end, or if that isn't known, as of one that was
    /// given.
    ///
    /// What the server lends for a token ends with it.
    func remainingLife(ofMark mark: Int) -> Duration? {
        lives.known(mark, at: clock.now()) ?? (logins == nil ? nil : keeper.remainingLife(ofMark: mark))
    }

    /// How long a token is good for and whether its uses are counted; one that nobody logged in for is looked up once.
    ///
    /// - Parameters:
    ///   - identity: What is about to be used.
    ///   - deadline: The moment on the clock at which the answer must be there.
    /// - Returns: The rest of its life, nil if it doesn't end; nil where the token may not be looked up.
    /// - Throws: A ``BaoFailure`` if that can't be told now, or if the server doesn't know the token.
    func lifeOfGivenToken(
        _ identity: BaoIdentity,
        by deadline: Duration
    ) async throws -> (life: Duration?, usesAreLimited: Bool)? {
        guard let token = identity.token else { return nil }
        if logins != nil, keeper.isOwn(token) {
            return (keeper.remainingLife(ofMark: token.mark), identity.hasLimitedUses)
        }
        return try await lives.life(of: token, login.client, login.namespace, by: deadline)
    }

    /// Whether the token may be used a limited number of times, so that a request too many costs another login.
    var usesAreLimited: Bool { keeper.held?.uses != nil }

    /// Whether each request brings its own login, so that the server's token ends with the request.
    var isInline: Bool { logins != nil && login.ways[keeper.held?.way ?? 0].method.login.isInline }

    /// Where one logs in; nil for a token that is given.
    var account: String? {
        guard logins != nil else { return nil }
        return login.ways.first.map { (["auth"] + $0.method.mount).joined(separator: "/") }
    }

    /// Whether a login opens a wrapping token, which can be done once.
    var opensWrapping: Bool { logins != nil && login.ways.contains { $0.wrapped != nil } }

    /// Whether requests are made with a token now, and not with another one.
    func holds(mark: Int) -> Bool { logins == nil || keeper.held?.token?.mark == mark }

    /// Revokes the tokens that we logged in for, those on their way too; no other is got afterwards.
    ///
    /// - Parameter time: After so long it is over, whatever came of it.
    func shutdown(within time: Duration) async {
        guard let logins else { return }
        await keeper.shutdown(within: time)
        logins.invalidateAll()
    }
}
