#if os(Linux)
import CCurl
import Synchronization

/// The way from callers to the thread that has the connections.
///
/// The thread starts with the first request, and ends when nothing was to do for ``idleTime`` or the transport has
/// gone.
final class CurlLoop: Sendable {
    private enum Thread {
        /// There is none.
        case absent
        /// It looks at the inbox before it sleeps.
        case awake
        /// It has to be woken.
        case asleep
    }

    private struct Inbox {
        var submitted: [CurlTransfer] = []
        var abandoned: [CurlTransfer] = []
        var isStopped = false
        var thread = Thread.absent
    }

    /// What a thread finds in the inbox.
    enum Orders {
        case work(submitted: [CurlTransfer], abandoned: [CurlTransfer])
        /// There is nothing: sleep, until ``signal`` can be read from.
        case sleep
        /// There is nothing and there won't be.
        case leave
    }

    /// How long connections and their thread are kept for nobody.
    static let idleTime = Duration.seconds(90)

    let settings: HTTPTransportSettings

    /// Gives the library, or says why there is none.
    let library: @Sendable () throws -> CurlLibrary

    private let inbox = Mutex(Inbox())

    /// An event descriptor; -1 before the first request, and if the system has none left.
    private let signal = Atomic<Int32>(-1)

    init(_ settings: HTTPTransportSettings, _ library: @escaping @Sendable () throws -> CurlLibrary) {
        self.settings = settings
        self.library = library
    }

    deinit {
        let descriptor = signal.load(ordering: .acquiring)
        if descriptor >= 0 { keyhooks_event_free(descriptor) }
    }

    func submit(_ transfer: CurlTransfer) {
        var isStarted = true
        post { inbox in
            inbox.submitted.append(transfer)
            guard inbox.thread == .absent else { return }
            isStarted = start()
            if isStarted { inbox.thread = .awake } else { inbox.submitted.removeLast() }
        }
        if !isStarted { transfer.end(.failure(HTTPTransportError(.other, detail: "the system has no thread left"))) }
    }

    /// Has the thread drop a transfer whose caller has gone.
    func abandon(_ transfer: CurlTransfer) {
        post { inbox in
            if inbox.thread != .absent { inbox.abandoned.append(transfer) }
        }
    }

    /// Ends the thread once nothing is left to do.
    func stop() {
        post { $0.isStopped = true }
    }

    /// Changes the inbox, and wakes the thread if it sleeps.
    private func post(_ change: (inout Inbox) -> Void) {
        let wasAsleep = inbox.withLock { inbox in
            change(&inbox)
            guard inbox.thread == .asleep else { return false }
            inbox.thread = .awake
            return true
        }
        // Without the lock, for which the thread would only have to wait.
        if wasAsleep { keyhooks_event_signal(descriptor) }
    }

    /// What the thread is to do next.
    ///
    /// - Parameters:
    ///   - isBusy: Whether it has transfers, so that it may not leave.
    ///   - isTired: Whether it has had none for ``idleTime``.
    /// - Returns: Work, or how to wait for it.
    func orders(isBusy: Bool, isTired: Bool) -> Orders {
        inbox.withLock { inbox in
            guard inbox.submitted.isEmpty, inbox.abandoned.isEmpty else {
                inbox.thread = .awake
                defer {
                    inbox.submitted = []
                    inbox.abandoned = []
                }
                return .work(submitted: inbox.submitted, abandoned: inbox.abandoned)
            }
            if !isBusy, isTired || inbox.isStopped {
                inbox.thread = .absent
                return .leave
            }
            inbox.thread = .asleep
            return .sleep
        }
    }

    /// Lets everybody go whose request the thread has not taken, because it cannot work.
    func fail() {
        let submitted = inbox.withLock { inbox in
            defer {
                inbox.submitted = []
                inbox.abandoned = []
                inbox.thread = .absent
            }
            return inbox.submitted
        }
        for transfer in submitted { transfer.end(.failure(HTTPTransportError(.other, detail: "no memory"))) }
    }

    var descriptor: Int32 { signal.load(ordering: .acquiring) }

    /// Takes wake-ups back, so that the descriptor cannot be read from any more.
    func clear() { keyhooks_event_clear(descriptor) }

    /// Starts a thread; called under the lock.
    private func start() -> Bool {
        if descriptor < 0 {
            let new = keyhooks_event_new()
            guard new >= 0 else { return false }
            signal.store(new, ordering: .releasing)
        }
        return CurlThread.start(self)
    }
}
#endif
