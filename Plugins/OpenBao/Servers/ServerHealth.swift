import HTTPTransport
import KeyHooks
import ServerSettings
import Synchronization

/// What is known of the servers: which are in trouble, how quick they are, and whether any answers at all.
///
/// A server in trouble is asked last, and looked at in the background as long as somebody has asked for keys lately;
/// see ``ServerProbe``.
final class ServerHealth: Sendable {
    /// For so long a node is asked last that answered from old data, whatever its health says.
    static let lag = Duration.seconds(5)

    /// For so long after a recovery a request that fails all the same is repeated as soon as a server is seen to be
    /// well.
    static let settling = Duration.seconds(5)

    private struct Server {
        /// How often its health was bad since it got into trouble; nil for a server in good health.
        var badProbes: Int?
        /// Why what is configured after it may not be asked in its place; nil for trouble that means no harm.
        var bar: ServerBar?
        var laggingUntil = Duration.zero
        /// How long its answers take, the last ones counting most.
        var latency: Duration?
    }

    private struct State {
        var servers: [Server]
        var lastRequest = Duration.zero
        /// Whether a request failed for want of a server that answers.
        var isDown = false
        /// Until when servers that have just come back may still fail now and then.
        var settlingUntil = Duration.zero
        var probe: Task<Void, Never>?
    }

    let links: [ServerLink]
    let clock: SourceClock

    /// For so long after the last request servers in trouble are looked at.
    private let attention: Duration
    private let state: Mutex<State>
    private let recovery = Mutex<(@Sendable () -> Void)?>(nil)

    /// Makes a record in which all are in good health; the window is the longest time in which a failure stands for the
    /// servers and nothing is requested.
    init(_ links: [ServerLink], _ clock: SourceClock, window: Duration) {
        self.links = links
        attention = .seconds(60) + window
        self.clock = clock
        state = Mutex(State(servers: links.map { _ in Server() }))
    }

    deinit {
        state.withLock { $0.probe }?.cancel()
    }

    /// What to do when the servers, which did not answer, do again.
    func onRecovery(_ action: @escaping @Sendable () -> Void) {
        recovery.withLock { $0 = action }
    }

    /// The servers in the order in which to ask them: as configured, and those in trouble last.
    func order() -> [Int] {
        let now = clock.now()
        return state.withLock { state in
            state.lastRequest = now
            guard links.count > 1 else { return [0] }
            func isGood(_ index: Int) -> Bool {
                state.servers[index].badProbes == nil && state.servers[index].laggingUntil <= now
            }
            let order = links.indices.filter(isGood) + links.indices.filter { !isGood($0) }
            startProbe(&state)
            return order
        }
    }

    /// Whether a server may be asked, as things stand with those configured before it.
    ///
    /// Or whoever breaks the TLS of one would get the token from the next one in clear.
    func mayAsk(_ index: Int) -> Bool {
        guard index > 0 else { return true }
        return state.withLock { state in
            !state.servers[..<index].contains { $0.bar?.isFor(links[index].address) ?? false }
        }
    }

    /// Whether a server has answered and is in good health.
    func isProven(_ index: Int) -> Bool {
        state.withLock { $0.servers[index].latency != nil && $0.servers[index].badProbes == nil }
    }

    /// How long to wait for a server before another is asked as well: three times as long as it usually takes.
    func patience(with index: Int) -> Duration {
        let usual = state.withLock { $0.servers[index].latency } ?? .zero
        return min(max(usual * 3, .milliseconds(200)), .seconds(2))
    }
}

extension ServerHealth {
    /// Notes that a server answered a request.
    func answered(_ index: Int, after time: Duration) {
        let time = min(max(time, .zero), .seconds(10))
        state.withLock { $0.servers[index].latency = $0.servers[index].latency.map { ($0 * 3 + time) / 4 } ?? time }
        recovered(index)
    }

    /// Notes that a server did not answer, or answered that it cannot; with why others may not be asked in its place.
    func failed(_ index: Int, _ bar: ServerBar? = nil) {
        state.withLock { state in
            if state.servers[index].badProbes == nil { state.servers[index].badProbes = 0 }
            state.servers[index].bar = bar ?? state.servers[index].bar
            startProbe(&state)
        }
    }

    /// Notes that a server answered from data that are older than what was seen before.
    func lagged(_ index: Int) {
        let end = clock.now() + Self.lag
        state.withLock { $0.servers[index].laggingUntil = end }
    }

    /// Notes that no server had an answer.
    func allFailed() {
        state.withLock { $0.isDown = true }
    }

    private func recovered(_ index: Int) {
        let now = clock.now()
        let isRecovery = state.withLock { state -> Bool in
            let wasAway = (state.servers[index].badProbes ?? 0) > 0
            state.servers[index].badProbes = nil
            state.servers[index].bar = nil
            guard state.isDown else { return false }
            state.isDown = false
            if wasAway { state.settlingUntil = now + Self.settling }
            // A server that was never seen to be away ends no window: it would be asked at once, and fail again.
            return wasAway || now < state.settlingUntil
        }
        if isRecovery { recovery.withLock(\.self)?() }
    }
}

extension ServerHealth {
    /// Begins to look after servers in trouble, unless somebody does.
    private func startProbe(_ state: inout State) {
        guard state.probe == nil, state.servers.contains(where: { $0.badProbes != nil }) else { return }
        let clock = clock
        state.probe = Task.detached(priority: .utility) { [weak self] in
            repeat {
                // At random, so that many processes do not ask a server that comes back all at once.
                guard (try? await clock.sleep(.seconds(.random(in: 0.5...0.9)))) != nil else { return }
            } while await self?.probe() ?? false
        }
    }

    /// Looks once at each server in trouble; false if none is left, or nobody asks for keys any more.
    private func probe() async -> Bool {
        let now = clock.now()
        let troubled = state.withLock { state -> [Int] in
            let troubled = links.indices.filter { state.servers[$0].badProbes != nil }
            guard !troubled.isEmpty, now - state.lastRequest < attention else {
                state.probe = nil
                return []
            }
            return troubled
        }
        await withTaskGroup(of: (Int, ServerProbe.Finding).self) { group in
            for index in troubled {
                group.addTask { [links, clock] in (index, await ServerProbe.look(at: links[index], clock)) }
            }
            for await (index, finding) in group {
                if finding == .well {
                    recovered(index)
                } else if !Task.isCancelled {
                    state.withLock { state in
                        state.servers[index].badProbes? += 1
                        if case .troubled(let bar?) = finding { state.servers[index].bar = bar }
                    }
                }
            }
        }
        return !troubled.isEmpty
    }
}

/// Why what is configured after a server may not be asked in its place.
enum ServerBar: Hashable, Sendable {
    /// Its TLS failed, so somebody may sit in between: nothing is asked without TLS, but for a Unix socket.
    case insecure

    /// A setting can't be obeyed: no other server is asked.
    case settings

    /// What a failure to get an answer means for the servers after; nil if they may all be asked.
    init?(_ code: HTTPTransportError.Code) {
        switch code {
        case .invalidSettings, .missingLibrary: self = .settings
        case _ where BaoFailure.isOfTLS(code): self = .insecure
        default: return nil
        }
    }

    func isFor(_ address: ServerAddress) -> Bool {
        self == .settings || (!address.isTLS && address.socket == nil)
    }
}
