package import KeyHooks
import LightFoundation
import Synchronization

/// The processes that one owner has started and that were not collected yet, so that all can be ended together.
///
/// Those are among them that are being started at the moment: between the system's call and its return a process runs
/// that nobody knows the number of.
package final class ChildProcesses: Sendable {
    private struct State {
        var isOpen = true
        var startsUnderWay = 0
        var running: [ObjectIdentifier: ChildProcess] = [:]
        /// Kept between two processes, so that not each of them needs another shell.
        var watchdog: Watchdog?
        /// Those who wait until no start is under way.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether processes can still be started.
    package var isOpen: Bool { state.withLock(\.isOpen) }

    /// Starts an executable; its ``ChildProcess/begin(output:outputEnded:errors:exited:)`` is to follow.
    ///
    /// - Throws: What the system says; `ECANCELED` once all were ended.
    package func start(_ launch: PluginLaunch, graces: ChildProcess.Graces) throws(SystemFailure) -> ChildProcess {
        let isOpen = state.withLock { state in
            if state.isOpen { state.startsUnderWay += 1 }
            if state.isOpen, state.watchdog == nil { state.watchdog = .shared() }
            return state.isOpen
        }
        guard isOpen else { throw SystemFailure(ECANCELED) }
        do throws(SystemFailure) {
            let child = try ChildProcess(launch, graces: graces) { child in
                self.state.withLock { $0.running[ObjectIdentifier(child)] = nil }
            }
            startEnded(child)
            return child
        } catch {
            startEnded(nil)
            throw error
        }
    }

    private func startEnded(_ child: ChildProcess?) {
        let waiting = state.withLock { state in
            state.startsUnderWay -= 1
            if let child { state.running[ObjectIdentifier(child)] = child }
            guard state.startsUnderWay == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Ends all and waits until they are collected; none is started any more.
    package func end(_ ending: ChildProcess.Ending) async {
        for child in state.withLock({ Array($0.running.values) }) { child.end(ending) }
        await withCheckedContinuation { continuation in
            let isQuiet = state.withLock { state in
                state.isOpen = false
                if state.startsUnderWay > 0 { state.waiting.append(continuation) }
                return state.startsUnderWay == 0
            }
            if isQuiet { continuation.resume() }
        }
        let running = state.withLock { Array($0.running.values) }
        for child in running { child.end(ending) }
        for child in running { _ = await child.ended() }
        // Its end takes an instant, which nobody is to wait for under the lock.
        let watchdog = state.withLock { state in
            defer { state.watchdog = nil }
            return state.watchdog
        }
        withExtendedLifetime(watchdog) {}
    }
}

/// How a child ended.
package enum ChildExit: Hashable, Sendable {
    case status(Int32)
    case signal(Int32)
    /// Somebody else in this program collected it.
    case unknown

    /// Collects a child, once it has ended.
    init(collecting pid: pid_t) {
        var status: Int32 = 0
        var result: pid_t
        repeat { result = waitpid(pid, &status, 0) } while result == -1 && errno == EINTR
        self = result == pid ? ChildExit(waitStatus: status) : .unknown
    }

    /// Reads the number that `waitpid` gives; the macros for it are not there in Swift.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .status(waitStatus >> 8 & 0xFF) : .signal(signal)
    }

    /// To follow "the plugin".
    package var words: String {
        switch self {
        case .status(let status): "ended with status \(status)"
        case .signal(let signal): "was ended by signal \(signal)"
        case .unknown: "ended"
        }
    }
}
