import HTTPTransport
import KeyHooks
import Synchronization

/// Keeps logins that the server refuses from being tried so often that the server locks the role or the user.
///
/// OpenBao locks for 15 minutes after five refused logins, against the right credentials too. So the same credentials
/// are tried twice, in case the server was late to know them, and then once in a while. That a file was written again
/// makes them no others: what counts is what is in it. Of a user no more than four tries are refused in that while,
/// whatever the password.
///
/// Until credentials were accepted, one request at a time brings them; the others wait for what becomes of it. All
/// sections of a process share this, and so does a configuration that is read again.
final class LoginRefusals: Sendable {
    /// Who logs in, and where.
    struct Place: Hashable, Sendable {
        let servers: Set<String>
        let namespace: String?
        let path: [String]
        /// The role, where the path doesn't say who it is.
        let role: String?
        /// Which clock counts, where a program brings its own.
        let clock: ObjectIdentifier?
    }

    /// What a request may do that brings credentials.
    enum Turn: Sendable {
        /// They were accepted before.
        case free
        /// Nobody else brings them until ``end(_:of:_:)``.
        case only
        /// Somebody else brings some.
        case wait
    }

    /// What became of a request that brought credentials.
    enum Outcome: Sendable {
        case accepted
        case refused(BaoFailure)
        /// There was no answer, or none that says anything of them.
        case unknown
    }

    private struct Refused {
        var count = 0
        var last: BaoFailure
        var pausedUntil: Duration
    }

    private struct State {
        /// By a hash of the credentials, so that they are not kept.
        var refused: [Int: Refused] = [:]
        /// When logins of the user were refused, whatever the password.
        var moments: [Duration] = []
        var last: BaoFailure?
        /// Hashes of those that were accepted, the newest last.
        var accepted: [Int] = []
        var isBusy = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var count = 0

        func standing(for credentials: Int, at now: Duration, _ pause: Duration) -> BaoFailure? {
            if let own = refused[credentials], own.count > 1, now < own.pausedUntil { return own.last }
            guard moments.count(where: { now - $0 < pause }) >= LoginRefusals.limit else { return nil }
            // Whoever has just put the right password there must hear that it wasn't tried.
            return last?.remarking("several passwords of the user were refused, so no other is tried for some minutes")
        }
    }

    /// How many logins of a user may be refused in the time of a pause; OpenBao locks after five.
    private static let limit = 4

    /// How long the same credentials are left alone.
    private let pause: Duration

    /// Whether all credentials are passwords of one user.
    private let isOfUser: Bool
    private let clock: SourceClock
    private let state = Mutex(State())

    private init(pause: Duration, isOfUser: Bool, _ clock: SourceClock) {
        self.pause = pause
        self.isOfUser = isOfUser
        self.clock = clock
    }

    /// The refusal of these credentials that stands for now, so that no login is to be tried; nil if one is.
    func standing(for credentials: Int) -> BaoFailure? {
        let now = clock.now()
        return state.withLock { $0.standing(for: credentials, at: now, pause) }
    }
}

extension LoginRefusals {
    /// Lets credentials be brought now, or after others; who got ``Turn/only`` must say what became of it.
    ///
    /// - Throws: The refusal that stands.
    func turn(for credentials: Int) throws(BaoFailure) -> Turn {
        let now = clock.now()
        let result = state.withLock { state -> Result<Turn, BaoFailure> in
            if let refusal = state.standing(for: credentials, at: now, pause) { return .failure(refusal) }
            if state.accepted.contains(credentials) { return .success(.free) }
            if state.isBusy { return .success(.wait) }
            state.isBusy = true
            return .success(.only)
        }
        return try result.get()
    }

    /// Waits until it is worth asking for a turn again, or until the task is cancelled.
    func wait() async {
        let id = state.withLock { state in
            state.count += 1
            return state.count
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.isBusy, !Task.isCancelled else { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }

    /// Notes what became of a request, and wakes who waited for it.
    func end(_ turn: Turn, of credentials: Int, _ outcome: Outcome) {
        let now = clock.now()
        let waiters = state.withLock { state in
            switch outcome {
            case .accepted: accept(credentials, &state)
            case .refused(let refusal): note(refusal, of: credentials, at: now, &state)
            case .unknown: break
            }
            guard case .only = turn else { return [CheckedContinuation<Void, Never>]() }
            state.isBusy = false
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    private func accept(_ credentials: Int, _ state: inout State) {
        if isOfUser {
            // The server forgets the wrong ones as well.
            (state.refused, state.moments, state.last) = ([:], [], nil)
        } else {
            state.refused[credentials] = nil
        }
        guard state.accepted.last != credentials else { return }
        state.accepted.removeAll { $0 == credentials }
        state.accepted.append(credentials)
        if state.accepted.count > 32 { state.accepted.removeFirst() }
    }

    private func note(_ refusal: BaoFailure, of credentials: Int, at now: Duration, _ state: inout State) {
        state.accepted.removeAll { $0 == credentials }
        let count = state.refused[credentials]?.count ?? 0
        if state.refused.count >= 64 { state.refused = state.refused.filter { now < $0.value.pausedUntil } }
        if state.refused.count >= 64,
            let first = state.refused.min(by: { $0.value.pausedUntil < $1.value.pausedUntil })
        {
            state.refused[first.key] = nil
        }
        state.refused[credentials] = Refused(count: count + 1, last: refusal, pausedUntil: now + pause)
        guard isOfUser else { return }
        state.moments = state.moments.filter { now - $0 < pause } + [now]
        state.last = refusal
    }

    /// Brings credentials when it is their turn.
    ///
    /// - Parameters:
    ///   - credentials: A hash of them.
    ///   - patience: Bounds the wait for others.
    ///   - outcome: What a failure says of them.
    ///   - body: What brings them.
    /// - Returns: What came of it.
    /// - Throws: The refusal that stands, or what `body` throws.
    func bring<Result>(
        _ credentials: Int,
        waiting patience: (@escaping @Sendable () async throws -> Void) async throws -> Void,
        outcome: (any Error) -> Outcome,
        _ body: () async throws -> Result
    ) async throws -> Result {
        var turn = try turn(for: credentials)
        while case .wait = turn {
            try await patience { [self] in await wait() }
            try Task.checkCancellation()
            turn = try self.turn(for: credentials)
        }
        do {
            let result = try await body()
            end(turn, of: credentials, .accepted)
            return result
        } catch {
            end(turn, of: credentials, outcome(error))
            throw error
        }
    }
}

extension LoginRefusals {
    private struct Registry {
        var all: [Place: LoginRefusals] = [:]
        var order: [Place] = []
    }

    private static let registry = Mutex(Registry())

    /// What all of the process share who log in as the same one.
    ///
    /// - Parameters:
    ///   - place: Who logs in, and where.
    ///   - pause: How long the same refused credentials are left alone.
    ///   - isOfUser: Whether all credentials are passwords of one user.
    ///   - clock: What time is measured with.
    /// - Returns: What is kept of it.
    static func shared(_ place: Place, pause: Duration, isOfUser: Bool, _ clock: SourceClock) -> LoginRefusals {
        registry.withLock { registry in
            if let known = registry.all[place] { return known }
            let new = LoginRefusals(pause: pause, isOfUser: isOfUser, clock)
            registry.all[place] = new
            registry.order.append(place)
            if registry.order.count > 1000 { registry.all[registry.order.removeFirst()] = nil }
            return new
        }
    }
}
