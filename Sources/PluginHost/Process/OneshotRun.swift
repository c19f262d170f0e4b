import Synchronization

/// What came of one run of a one-shot plugin.
final class OneshotRun: Sendable {
    /// Why a run was ended from outside.
    enum Stop: Hashable, Sendable {
        case late
        case cancelled
        case tooLong
        case shutDown
    }

    private struct State {
        var output: [UInt8] = []
        var child: ChildProcess?
        var stop: Stop?
    }

    private let limit: Int
    private let stopped: @Sendable () -> Void
    private let state = Mutex(State())

    /// Makes one; `stopped` is called when there is a reason to start no process.
    init(limit: Int, stopped: @escaping @Sendable () -> Void = {}) {
        self.limit = limit
        self.stopped = stopped
    }

    var isWanted: Bool { state.withLock { $0.stop == nil } }

    var outcome: (output: [UInt8], stop: Stop?) { state.withLock { ($0.output, $0.stop) } }

    func began(_ child: ChildProcess) {
        let isLate = state.withLock { state in
            state.child = child
            return state.stop != nil
        }
        if isLate { child.end(.atOnce) }
    }

    /// Lets go of the process, which keeps this as long as it hands on what it writes.
    func ended() { state.withLock { $0.child = nil } }

    func take(_ bytes: ArraySlice<UInt8>) {
        let isTooLong = state.withLock { state in
            // The end of the line does not count.
            guard state.output.count + bytes.count <= limit + 1 else { return true }
            state.output += bytes
            return false
        }
        if isTooLong { stop(.tooLong) }
    }

    /// Ends the process; the first reason counts.
    func stop(_ reason: Stop) {
        let child = state.withLock { state in
            if state.stop == nil { state.stop = reason }
            return state.child
        }
        child?.end(.atOnce)
        stopped()
    }
}
