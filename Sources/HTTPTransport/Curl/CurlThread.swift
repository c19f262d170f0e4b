#if os(Linux)
import CCurl

/// The thread that has the connections of a transport.
///
/// Nobody else touches what it holds.
final class CurlThread {
    /// How many connections are kept for nobody.
    private static let spareConnections = 128

    /// How many handles are kept for later.
    private static let spareHandles = 16

    /// How often the time of all that wait is looked at, at most.
    private static let resolution = Duration.milliseconds(2)

    /// How long to find out more about a fault may take.
    private static let inquiryTime = Duration.seconds(5)

    /// How long a server may take to say why it ended a connection; most often it has nothing to say.
    private static let listeningTime = Duration.seconds(1)

    private let loop: CurlLoop
    private let library: CurlLibrary
    private let multi: UnsafeMutableRawPointer
    private var waiting = TransferQueues()
    private var active: [UnsafeMutableRawPointer: CurlExchange] = [:]
    private var spare: [CurlHandle] = []
    private var authorities: AuthorityText
    /// Those that have a connection and wait for the server's word.
    private var listening: [(easy: UnsafeMutableRawPointer, until: ContinuousClock.Instant)] = []
    /// No time ends before.
    private var nextDeadline: ContinuousClock.Instant?

    /// Starts a thread that does what it finds in the loop's inbox; false if the system has none left.
    static func start(_ loop: CurlLoop) -> Bool {
        let context = Unmanaged.passRetained(loop)
        let code = keyhooks_thread_start(
            { context in
                let loop = Unmanaged<CurlLoop>.fromOpaque(context!).takeRetainedValue()
                if let thread = CurlThread(loop) { thread.run() } else { loop.fail() }
            },
            context.toOpaque()
        )
        if code != 0 { context.release() }
        return code == 0
    }

    private init?(_ loop: CurlLoop) {
        guard let library = try? loop.library(), let multi = keyhooks_curl_multi_new(library.pointer) else {
            return nil
        }
        self.loop = loop
        self.library = library
        self.multi = multi
        authorities = AuthorityText(loop.settings, library)
        // As many as there may be, or bursts would close and open them all the time. The end of the thread closes them.
        _ = keyhooks_curl_multi_set_number(
            library.pointer,
            multi,
            Int32(KEYHOOKS_CURLMOPT_MAXCONNECTS),
            Self.spareConnections
        )
    }

    deinit {
        spare = []
        keyhooks_curl_multi_free(library.pointer, multi)
    }

    private func run() {
        var idleSince = ContinuousClock.now
        while true {
            let isBusy = !active.isEmpty || !waiting.isEmpty
            if isBusy { idleSince = .now }
            let isTired = !isBusy && idleSince + CurlLoop.idleTime <= .now
            switch loop.orders(isBusy: isBusy, isTired: isTired) {
            case .leave: return
            case .work(let submitted, let abandoned):
                drop(abandoned)
                for transfer in submitted { take(transfer) }
            case .sleep:
                var due = isBusy ? nextDeadline : idleSince + CurlLoop.idleTime
                // libcurl does not watch connections with which it has nothing to do.
                if !listening.isEmpty { due = .now + .milliseconds(5) }
                let time = due.map { max($0 - .now, .zero).milliseconds } ?? 0
                _ = keyhooks_curl_multi_poll(library.pointer, multi, loop.descriptor, Int32(clamping: time))
                loop.clear()
            }
            work()
        }
    }

    private func take(_ transfer: CurlTransfer) {
        waiting.add(transfer)
        nextDeadline = min(nextDeadline ?? transfer.deadline, transfer.deadline)
    }

    /// Moves everything on that can be moved now.
    private func work() {
        repeat {
            startWaiting()
            _ = keyhooks_curl_multi_perform(library.pointer, multi)
            var code: Int32 = 0
            while let easy = keyhooks_curl_multi_ended(library.pointer, multi, &code) {
                if code == 0, active[easy]?.handle.purpose == .alert {
                    listening.append((easy, .now + Self.listeningTime))
                } else if let exchange = remove(easy) {
                    end(exchange, code)
                }
            }
            listen()
            expire()
            // What has ended made room for others.
        } while waiting.canStart
    }

    private func startWaiting() {
        while let transfer = waiting.next() {
            if transfer.isOver {
                waiting.end(transfer)
            } else if let handle = spare.popLast() ?? CurlHandle(library, loop.settings, for: .requests) {
                start(CurlExchange(transfer, handle, by: transfer.deadline))
            } else {
                fail(transfer, HTTPTransportError(.other, detail: "no memory"))
            }
        }
    }

    private func fail(_ transfer: CurlTransfer, _ error: HTTPTransportError) {
        waiting.end(transfer)
        transfer.end(.failure(error))
    }

    private func start(_ exchange: CurlExchange) {
        if exchange.usesTLS {
            authorities.refresh()
            exchange.handle.trust(authorities)
        }
        exchange.prepare(loop.settings)
        if let problem = exchange.problem(loop.settings) { return fail(exchange.transfer, problem) }
        guard keyhooks_curl_multi_add(library.pointer, multi, exchange.handle.pointer) == 0 else {
            return fail(exchange.transfer, HTTPTransportError(.other, detail: "libcurl takes no more requests"))
        }
        active[exchange.handle.pointer] = exchange
        nextDeadline = min(nextDeadline ?? exchange.deadline, exchange.deadline)
    }

    private func remove(_ easy: UnsafeMutableRawPointer) -> CurlExchange? {
        guard let exchange = active.removeValue(forKey: easy) else { return nil }
        _ = keyhooks_curl_multi_remove(library.pointer, multi, easy)
        // The next handle may have the same address.
        listening.removeAll { $0.easy == easy }
        return exchange
    }

    private func end(_ exchange: CurlExchange, _ code: Int32) {
        let outcome = exchange.outcome(of: code, loop.settings)
        if case .failure(let error as HTTPTransportError) = outcome, let inquiry = exchange.inquiry(after: error),
            let handle = CurlHandle(library, loop.settings, for: inquiry)
        {
            let deadline = min(exchange.transfer.deadline, .now + Self.inquiryTime)
            start(CurlExchange(exchange.transfer, handle, after: error, by: deadline))
        } else {
            waiting.end(exchange.transfer)
            exchange.transfer.end(outcome)
        }
        recycle(exchange)
    }

    private func recycle(_ exchange: CurlExchange) {
        guard exchange.cause == nil, spare.count < Self.spareHandles else { return }
        exchange.release()
        spare.append(exchange.handle)
    }

    /// Looks whether a server has something to say to those that wait for its word.
    private func listen() {
        let again: Int32 = 81
        for (easy, end) in listening {
            let code = keyhooks_curl_easy_receive(library.pointer, easy)
            guard code != again || end <= .now, let exchange = remove(easy) else { continue }
            self.end(exchange, code)
        }
    }

    /// Ends transfers for which nobody waits any more.
    private func drop(_ abandoned: [CurlTransfer]) {
        let gone = Set(abandoned.map(ObjectIdentifier.init))
        guard !gone.isEmpty else { return }
        for (easy, exchange) in active where gone.contains(ObjectIdentifier(exchange.transfer)) { stop(easy) }
        waiting.removeAll { gone.contains(ObjectIdentifier($0)) }
    }

    private func stop(_ easy: UnsafeMutableRawPointer) {
        guard let exchange = active[easy] else { return }
        // The connection may be as dead as it is silent: with HTTP/2 it would be kept.
        exchange.handle.set(KEYHOOKS_CURLOPT_FORBID_REUSE, 1)
        _ = remove(easy)
        waiting.end(exchange.transfer)
        exchange.handle.set(KEYHOOKS_CURLOPT_FORBID_REUSE, 0)
        recycle(exchange)
    }

    /// Ends what has run out of time.
    private func expire() {
        let now = ContinuousClock.now
        guard let due = nextDeadline, due <= now else { return }
        nextDeadline = nil
        for (easy, exchange) in active {
            guard exchange.deadline <= now else {
                nextDeadline = min(nextDeadline ?? exchange.deadline, exchange.deadline)
                continue
            }
            stop(easy)
            exchange.transfer.end(.failure(exchange.cause ?? HTTPTransportError(.timedOut)))
        }
        waiting.removeAll { transfer in
            guard transfer.deadline <= now else {
                nextDeadline = min(nextDeadline ?? transfer.deadline, transfer.deadline)
                return false
            }
            transfer.end(.failure(HTTPTransportError(.timedOut, detail: "while it waited for others to end")))
            return true
        }
        nextDeadline = nextDeadline.map { max($0, now + Self.resolution) }
    }
}
#endif
