import JSON5Syntax
import KeyHooks
import PluginHost
import Synchronization

/// A process of a plugin that is being checked: what it writes is kept with the time it came.
final class ConformanceChild: Sendable {
    struct Line: Sendable {
        let bytes: [UInt8]
        let time: ContinuousClock.Instant
    }

    private struct State {
        var framing = LineFraming(limit: SessionLimits().lineBytes)
        var lines: [Line] = []
        /// How many of the lines were taken.
        var taken = 0
        var all: [UInt8] = []
        var exit: ChildExit?
        var isTooLong = false
        /// How often something was to be looked at.
        var changes = 0
        /// The one check that waits for a change.
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>
    private let child: ChildProcess

    /// Starts the plugin, and tries again for a while if its file is open for writing.
    static func start(
        _ launch: PluginLaunch,
        in children: ChildProcesses,
        _ timing: ConformanceRun.Timing,
        _ transcript: ConformanceTranscript
    ) async throws(ConformanceFault) -> ConformanceChild {
        var attempt = 1
        while true {
            do throws(SystemFailure) {
                return try ConformanceChild(launch, in: children, timing, transcript)
            } catch {
                guard error.isBusy, attempt < SessionLimits.busyAttempts else {
                    let (reason, hint) = launch.words(for: error)
                    throw .silent("it cannot be started: \(reason)\(hint.map { "; \($0)" } ?? "")")
                }
                attempt += 1
                try? await Task.sleep(for: SessionLimits.busyPause)
            }
        }
    }

    private init(
        _ launch: PluginLaunch,
        in children: ChildProcesses,
        _ timing: ConformanceRun.Timing,
        _ transcript: ConformanceTranscript
    ) throws(SystemFailure) {
        let box = Box()
        let isSession = launch.mode == .session
        child = try children.start(
            launch,
            graces: timing.graces,
            handlers: ChildProcess.Handlers(
                output: { bytes in
                    transcript.mirror?.take(bytes, from: .output)
                    box.owner?.take(bytes, isSession ? transcript : nil)
                },
                errors: { bytes in
                    transcript.mirror?.take(bytes, from: .errors)
                    transcript.add(errors: bytes)
                },
                exited: { exit in
                    transcript.mirror?.finish()
                    box.owner?.finish(exit, isSession ? nil : transcript)
                    box.set(nil)
                }
            )
        )
        state = Mutex(State())
        box.set(self)
        child.begin()
    }

    /// Its end, once all it wrote was taken.
    var exit: ChildExit? { state.withLock(\.exit) }

    /// All it wrote on standard output.
    var output: [UInt8] { state.withLock(\.all) }

    func send(_ nodes: [JSONNode], thenClose: Bool = false) {
        child.send(nodes.flatMap { (try? $0.wireLine()) ?? [] }, thenClose: thenClose)
    }

    /// The next line that was not taken yet; nil when there is none in time or it has ended.
    func next(until due: ContinuousClock.Instant) async -> Line? {
        let next: Line?? = await first(until: due) { state in
            guard state.taken < state.lines.count else {
                return state.exit != nil || state.isTooLong ? .some(nil) : nil
            }
            defer { state.taken += 1 }
            return state.lines[state.taken]
        }
        // What came too late is not waited for, however much of it there is.
        return next.flatMap(\.self).flatMap { $0.time > due ? nil : $0 }
    }

    /// Waits for its end; nil when it goes on.
    func ended(until due: ContinuousClock.Instant) async -> ChildExit? {
        await first(until: due) { $0.exit }
    }

    /// What a look at the state finds, now or after a change of it; nil when it is time and there is nothing.
    private func first<Found: Sendable>(
        until due: ContinuousClock.Instant,
        _ look: (inout State) -> Found?
    ) async -> Found? {
        let alarm = Task {
            try await Task.sleep(until: due, clock: .continuous)
            wake()
        }
        defer { alarm.cancel() }
        while true {
            let (found, seen) = state.withLock { (look(&$0), $0.changes) }
            if let found { return found }
            guard ContinuousClock.now < due else { return nil }
            await withCheckedContinuation { continuation in
                let isChanged = state.withLock { state in
                    if state.changes == seen { state.waiting = continuation }
                    return state.changes != seen
                }
                if isChanged { continuation.resume() }
            }
        }
    }

    /// Has whoever waits look again.
    private func wake() {
        let waiting = state.withLock { state in
            state.changes += 1
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Closes its input, and the usual signals follow.
    func endGracefully() async -> ChildExit {
        child.end(.gracefully)
        return await child.ended()
    }

    func kill() async {
        child.end(.atOnce)
        _ = await child.ended()
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ transcript: ConformanceTranscript?) {
        let now = ContinuousClock.now
        let lines = state.withLock { state -> [[UInt8]] in
            guard !state.isTooLong, state.all.count < 16 << 20, state.lines.count < 100_000 else { return [] }
            state.all += bytes
            var lines: [[UInt8]] = []
            do throws(LineFraming.TooLong) {
                try state.framing.take(bytes) { lines.append(Array($0)) }
            } catch {
                state.isTooLong = true
                transcript?.addLongLine()
            }
            state.lines += lines.map { Line(bytes: $0, time: now) }
            return lines
        }
        for line in lines { transcript?.add(output: line[...]) }
        wake()
    }

    private func finish(_ exit: ChildExit, _ transcript: ConformanceTranscript?) {
        let all = state.withLock { state in
            state.exit = exit
            return state.all
        }
        if !all.isEmpty { transcript?.add(output: all[...]) }
        wake()
    }

    /// Leads from the handlers, which are made first, to the child.
    private final class Box: Sendable {
        private let child = Mutex<ConformanceChild?>(nil)
        var owner: ConformanceChild? { child.withLock(\.self) }
        func set(_ owner: ConformanceChild?) { child.withLock { $0 = owner } }
    }
}
