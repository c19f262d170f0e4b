#if AWS
import KeyHooks
import LightFoundation
import Synchronization

/// Holds credentials and has new ones ready before they end.
///
/// One look at a time, whoever asks. While the old ones are good they are used: nobody waits for the next ones, and a
/// look that fails is made again later. It is nobody's child: a caller who gives up doesn't end it.
final class CredentialKeeper: Sendable {
    let chain: CredentialChain

    /// How long a look may take.
    private let timeout: Duration

    private struct State {
        var held: AWSCredentials?

        /// The link that they are of.
        var link: CredentialLink?

        /// From when on the next ones are looked for; nil for credentials that don't end.
        var dueFrom: Date?
        var look: (number: Int, task: Task<AWSCredentials, any Error>)?
        var count = 0
        var report = CredentialReport()

        /// Whether a link is another than that of credentials that haven't ended.
        func isAnother(_ answered: CredentialLink?, at date: Date) -> Bool {
            guard let ends = held?.ends, ends > date, let link else { return false }
            return answered != link
        }
    }

    private let state = Mutex(State())

    init(_ chain: CredentialChain, timeout: Duration = .seconds(30)) {
        self.chain = chain
        self.timeout = timeout
    }

    /// What the last look tried, without asking anything; empty before the first one.
    var report: CredentialReport { state.withLock(\.report) }

    private var clock: SourceClock { chain.clock }

    private enum Step {
        case use(AWSCredentials)
        case wait(Task<AWSCredentials, any Error>)
    }

    /// Credentials that haven't ended.
    ///
    /// - Parameter deadline: The moment on the clock at which it must be over; the look itself goes on.
    /// - Returns: The whole triple.
    /// - Throws: A `KeyResolutionError`, or a `CancellationError`.
    func current(by deadline: Duration) async throws -> AWSCredentials {
        let date = clock.date()
        let step = state.withLock { state -> Step in
            guard let held = state.held, held.ends.map({ $0 > date }) ?? true else { return .wait(look(&state)) }
            if let dueFrom = state.dueFrom, dueFrom <= date { _ = look(&state) }
            return .use(held)
        }
        switch step {
        case .use(let held): return held
        case .wait(let task): return try await value(of: task, by: deadline)
        }
    }

    /// Other credentials than those that AWS refused; nil if there are none.
    ///
    /// However many callers were refused, it is one look.
    func newer(than refused: AWSCredentials, by deadline: Duration) async throws -> AWSCredentials? {
        let step = state.withLock { state -> Step in
            if let held = state.held, !held.isSameKey(as: refused) { return .use(held) }
            return .wait(look(&state))
        }
        switch step {
        case .use(let held): return held
        case .wait(let task):
            let new = try await value(of: task, by: deadline)
            return new.isSameKey(as: refused) ? nil : new
        }
    }

    private func value(of task: Task<AWSCredentials, any Error>, by deadline: Duration) async throws -> AWSCredentials {
        try await reading(within: max(.zero, deadline - clock.now()), sleep: clock.sleep) {
            KeyResolutionError(
                .timedOut,
                "credentials for AWS weren't found in time",
                remedy: "raise 'timeout', or see what is slow: keyhooks aws check"
            )
        } _: {
            try await task.value
        }
    }

    /// The look that is under way, or a new one.
    private func look(_ state: inout State) -> Task<AWSCredentials, any Error> {
        if let look = state.look { return look.task }
        state.count += 1
        let number = state.count
        let task = Task.detached { [self] in
            do {
                let outcome = try await chain.find(by: clock.now() + timeout)
                return try finish(number, outcome).get()
            } catch {
                self.state.withLock { if $0.look?.number == number { $0.look = nil } }
                throw error
            }
        }
        state.look = (number, task)
        return task
    }

    private func finish(_ number: Int, _ outcome: CredentialChain.Outcome) -> Result<AWSCredentials, KeyResolutionError>
    {
        let date = clock.date()
        return state.withLock { state in
            state.report = outcome.report
            if state.look?.number == number { state.look = nil }
            switch outcome.result {
            case .success where state.isAnother(outcome.report.answered, at: date):
                // A file that was gone for a moment makes nobody somebody else while the old ones are good.
                state.dueFrom = date.addingTimeInterval(60)
                if let held = state.held { return .success(held) }
            case .success(let new):
                (state.held, state.link) = (new, outcome.report.answered)
                state.dueFrom = new.ends.map { Self.due($0, at: date) }
            case .failure:
                // The old ones are used until they end. Not asked at every request meanwhile.
                if let ends = state.held?.ends, ends > date {
                    state.dueFrom = date.addingTimeInterval(min(60, ends.timeIntervalSince(date) / 4))
                }
            }
            return outcome.result
        }
    }

    /// A quarter of an hour ahead, as botocore has it; of what lives for less than an hour a quarter of its life.
    private static func due(_ ends: Date, at date: Date) -> Date {
        ends.addingTimeInterval(-min(900, ends.timeIntervalSince(date) / 4))
    }
}

extension AWSCredentials {
    /// Whether AWS would say the same to both.
    fileprivate func isSameKey(as other: AWSCredentials) -> Bool {
        accessKeyID == other.accessKeyID && secretKey == other.secretKey && sessionToken == other.sessionToken
    }
}
#endif
