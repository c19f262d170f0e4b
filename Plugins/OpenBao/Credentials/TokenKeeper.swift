import KeyHooks
import ServerSettings
import Synchronization

/// What requests are made with until it is replaced.
struct HeldLogin: Sendable, CustomReflectable {
    /// Tells one from the next, whatever is in it.
    var number = 0

    /// Which login of the list gave it.
    let way: Int

    /// Nil where each request brings its own credentials.
    let token: APIKey?

    /// Whether we logged in for it, so that it is ours to renew and to revoke.
    var isOwn = false

    var isRenewable = false

    /// How long it was good for when it was new; nil for one that doesn't end, or doesn't say.
    var life: Duration?

    /// The moment on the clock at which it ends.
    var ends: Duration?

    /// Whether the server said that it doesn't end.
    var isForever = false

    var uses: TokenUses?

    /// Whether a reader got it; what nobody waited for any more serves the next one.
    var isClaimed = false

    init(_ result: LoginResult, at now: Duration) {
        way = result.way
        switch result {
        case .inline: token = nil
        case .given(let token, _): self.token = token
        case .token(let grant, _):
            token = grant.token
            isOwn = true
            isRenewable = grant.isRenewable
            uses = grant.uses.map(TokenUses.init)
            isForever = grant.life == .forever
            if case .limited(let life) = grant.life { (self.life, ends) = (life, now + life) }
        }
    }

    func hasEnded(at now: Duration) -> Bool { (ends.map { now >= $0 } ?? false) || (uses?.isUsedUp ?? false) }

    /// Whether renewing it is worth a request: never for one whose uses are counted.
    func canBeRenewed(at now: Duration) -> Bool {
        isOwn && isRenewable && uses == nil && life != nil && !hasEnded(at: now)
    }

    /// As the cache takes it.
    func reading(at now: Duration) -> SourceReading<HeldLogin> {
        var reading = SourceReading.found(self)
        if let ends {
            // A tenth is kept back for requests on their way.
            reading.lifetime = max(.zero, ends - now) * 0.9
            reading.timeToLive = reading.lifetime
        } else if isForever {
            reading.timeToLive = .seconds(36_500 * 86_400)
        }
        return reading
    }

    var customMirror: Mirror { Mirror(self, children: ["way": way, "isOwn": isOwn]) }
}

/// Renews the token of a login, replaces it by another, and revokes it in the end.
///
/// A token that OpenBao renews is renewed as long as that gives it its whole life again; once it gives less, since the
/// token's `max_ttl` is near, the next one is got by a login while the old one is used until it ends. A token that
/// can't be renewed, or may not renew itself because it lacks the policy `default`, is replaced by a login as well.
///
/// Tokens that nobody here logged in for are neither looked up nor renewed nor revoked: whoever made them, such as an
/// agent with its sink, keeps them alive, and a look would cost those that may be used a limited number of times a use.
final class TokenKeeper: Sendable {
    private struct Work {
        let number: Int
        let task: Task<HeldLogin, any Error>
        /// The token that it tries to renew.
        let renewed: APIKey?
    }

    private enum Step {
        case wait(Work)
        case take(HeldLogin)
        case closed
    }

    private struct State {
        var held: HeldLogin?
        /// Own tokens that were replaced and may not have ended.
        var replaced: [HeldLogin] = []
        var work: Work?
        var refused: (way: Int, failure: BaoFailure)?
        var isClosed = false
        var count = 0

        /// Tokens that we logged in for and that may be alive.
        var own: [HeldLogin] { (replaced + [held].compactMap(\.self)).filter(\.isOwn) }

        /// Keeps what was replaced as long as it may be alive, and no more than that.
        mutating func replace(_ old: HeldLogin?, at now: Duration) {
            replaced.removeAll { $0.hasEnded(at: now) }
            guard let old, old.isOwn, !old.hasEnded(at: now) else { return }
            replaced.append(old)
            if replaced.count > 32 { replaced.removeFirst() }
        }
    }

    let login: BaoLogin
    private let files: CredentialFiles
    private let state = Mutex(State())

    init(_ login: BaoLogin, _ files: CredentialFiles) {
        self.login = login
        self.files = files
    }

    private var clock: SourceClock { login.client.clock }

    /// What is held now, without asking the server.
    var held: HeldLogin? { state.withLock { $0.held } }

    /// Whether no login is made any more.
    var isClosed: Bool { state.withLock(\.isClosed) }

    /// What requests are to be made with from now on.
    ///
    /// The work is nobody's child: a caller who gives up doesn't end it, since a token that is on its way would be lost
    /// and stay alive.
    func next() async throws -> SourceReading<HeldLogin> {
        let now = clock.now()
        let step = state.withLock { state -> Step in
            if state.isClosed { return .closed }
            if let work = state.work { return .wait(work) }
            if let held = state.held, !held.isClaimed, !held.hasEnded(at: now) {
                state.held?.isClaimed = true
                return .take(held)
            }
            state.count += 1
            let number = state.count
            let old = state.held.flatMap { $0.canBeRenewed(at: now) ? $0 : nil }
            let refused = state.refused
            state.refused = nil
            let task = Task.detached { [self] in
                do {
                    var held = try await replacement(of: old, besides: refused)
                    held.number = number
                    return try await finish(number, held)
                } catch {
                    end(number)
                    throw error
                }
            }
            let work = Work(number: number, task: task, renewed: old?.token)
            state.work = work
            return .wait(work)
        }
        switch step {
        case .closed: throw Self.closed
        case .take(let held): return held.reading(at: now)
        case .wait(let work):
            let held = try await work.task.value
            state.withLock { if $0.held?.number == held.number { $0.held?.isClaimed = true } }
            return held.reading(at: clock.now())
        }
    }

    private static var closed: BaoFailure {
        BaoFailure(
            .unauthenticated,
            "this program's login to OpenBao has been ended",
            remedy: "ask for keys before the program shuts down"
        )
    }

    private func end(_ number: Int) {
        state.withLock { if $0.work?.number == number { $0.work = nil } }
    }

    /// Takes what was got; revokes it if it is too late.
    private func finish(_ number: Int, _ new: HeldLogin) async throws -> HeldLogin {
        let now = clock.now()
        let isClosed = state.withLock { state in
            let isCurrent = state.work?.number == number
            if isCurrent { state.work = nil }
            if state.isClosed { return true }
            if isCurrent {
                if state.held?.token != new.token { state.replace(state.held, at: now) }
                state.held = new
            } else {
                state.replace(new, at: now)
            }
            return false
        }
        guard isClosed else { return new }
        await revoke(new)
        throw Self.closed
    }

    private func replacement(
        of old: HeldLogin?,
        besides refused: (way: Int, failure: BaoFailure)?
    ) async throws -> HeldLogin {
        if let old, let renewed = try await renewed(old) {
            if renewed.isRenewable { return renewed }
            // The last time: there is still time for several attempts to log in.
            keep(renewed)
        }
        files.note()
        return HeldLogin(try await login.logIn(besides: refused), at: clock.now())
    }

    /// Notes a token's last life, which nobody is to renew once more.
    private func keep(_ renewed: HeldLogin) {
        state.withLock { state in
            guard state.held?.token == renewed.token else { return }
            state.held?.ends = renewed.ends
            state.held?.isRenewable = false
        }
    }

    /// The same token with a new life; nil if it is to be replaced.
    ///
    /// - Throws: A ``BaoFailure`` if that can't be told now; the token is as good as it was.
    private func renewed(_ old: HeldLogin) async throws -> HeldLogin? {
        guard let token = old.token else { return nil }
        var request = BaoRequest(method: "POST", path: "/v1/auth/token/renew-self", namespace: namespace(of: old))
        request.identity = BaoIdentity(token)
        request.body = Array("{}".utf8)
        let reply = try await login.client.send(request, by: clock.now() + login.timeout)
        guard reply.isOwn else { throw BaoFailure(reply, reading: "a token", now: clock.date()) }
        switch reply.status {
        case 200...299:
            guard let grant = TokenGrant(reply), grant.token == token else { return nil }
            var held = HeldLogin(.token(grant, way: old.way), at: clock.now())
            // Less than before: its longest life is near, and another renewal would bring less still.
            if let life = old.life, let new = held.life, new + .seconds(1) < life { held.isRenewable = false }
            return held
        case 400, 403, 404: return nil
        default: throw BaoFailure(reply, reading: "a token", now: clock.date())
        }
    }

    private func namespace(of held: HeldLogin) -> String? { login.ways[held.way].method.namespace }
}

extension TokenKeeper {
    /// Forgets a token that the server no longer takes.
    ///
    /// - Parameter dead: The token.
    /// - Returns: Whether we had logged in for it, and knew it until now.
    @discardableResult
    func drop(_ dead: APIKey) -> Bool {
        state.withLock { state in
            let isOwn = state.own.contains { $0.token == dead }
            if state.held?.token == dead { state.held = nil }
            state.replaced.removeAll { $0.token == dead }
            // What it may still say of the dead one is of no use.
            if state.work?.renewed == dead { state.work = nil }
            return isOwn
        }
    }

    /// Whether we logged in for a token that may be alive.
    func isOwn(_ token: APIKey) -> Bool {
        state.withLock { state in
            state.own.contains { $0.token == token }
        }
    }

    /// Whether there is, or may soon be, a token to revoke.
    var hasOwnTokens: Bool {
        state.withLock { state in
            !state.isClosed && (state.work != nil || state.held?.isOwn == true || !state.replaced.isEmpty)
        }
    }

    /// Lets the next login begin anew, since the credentials are others or one of them was refused.
    func startOver(besides refused: (way: Int, failure: BaoFailure)? = nil) {
        let now = clock.now()
        state.withLock { state in
            state.replace(state.held, at: now)
            state.held = nil
            state.work = nil
            state.refused = refused
        }
    }

    /// How long a token is good for, by its mark; nil if it doesn't end, and zero for one that isn't known.
    func remainingLife(ofMark mark: Int) -> Duration? {
        let now = clock.now()
        return state.withLock { state in
            let known = ([state.held].compactMap(\.self) + state.replaced).first { $0.token?.mark == mark }
            guard let known else { return .zero }
            return known.ends.map { max(.zero, $0 - now) }
        }
    }

    /// Revokes the tokens that we logged in for, those on their way too, and gets no others.
    ///
    /// - Parameter time: After so long it is over, whatever came of it.
    func shutdown(within time: Duration) async {
        let (tokens, work) = state.withLock { state in
            state.isClosed = true
            defer { (state.held, state.replaced) = (nil, []) }
            return (state.replaced + [state.held].compactMap(\.self), state.work?.task)
        }
        try? await clock.run(within: time) { [self] in
            await withTaskGroup { group in
                for token in tokens where token.isOwn { group.addTask { await self.revoke(token) } }
                if let work { group.addTask { _ = try? await work.value } }
            }
        }
    }

    private func revoke(_ held: HeldLogin) async {
        guard held.isOwn, let token = held.token, !held.hasEnded(at: clock.now()) else { return }
        var request = BaoRequest(method: "POST", path: "/v1/auth/token/revoke-self", namespace: namespace(of: held))
        request.identity = BaoIdentity(token)
        _ = try? await login.client.send(request, by: clock.now() + login.timeout)
    }
}
