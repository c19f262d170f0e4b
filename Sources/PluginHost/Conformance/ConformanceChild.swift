import JSON5Syntax
import KeyHooks
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
    }

    private let state: Mutex<State>
    private let child: ChildProcess

    /// Starts the plugin, and tries again for a while if its file is open for writing.
    static func start(
        _ launch: PluginLaunch,
        in children: ChildProcesses,
        _ timing: ConformanceTiming,
        _ transcript: ConformanceTranscript
    ) async throws(ConformanceFault) -> ConformanceChild {
        var attempt = 1
        while true {
            do throws(SpawnFailure) {
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
        _ timing: ConformanceTiming,
        _ transcript: ConformanceTranscript
    ) throws(SpawnFailure) {
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
        while true {
            let (line, isOver) = state.withLock { state -> (Line?, Bool) in
                let isOver = state.exit != nil || state.isTooLong
                guard state.taken < state.lines.count else { return (nil, isOver) }
                defer { state.taken += 1 }
                return (state.lines[state.taken], isOver)
            }
            // What came too late is not waited for, however much of it there is.
            if let line { return line.time > due ? nil : line }
            if isOver || ContinuousClock.now >= due { return nil }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Waits for its end; nil when it goes on.
    func ended(until due: ContinuousClock.Instant) async -> ChildExit? {
        while exit == nil, ContinuousClock.now < due { try? await Task.sleep(for: .milliseconds(2)) }
        return exit
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
    }

    private func finish(_ exit: ChildExit, _ transcript: ConformanceTranscript?) {
        let all = state.withLock { state in
            state.exit = exit
            return state.all
        }
        if !all.isEmpty { transcript?.add(output: all[...]) }
    }

    /// Leads from the handlers, which are made first, to the child.
    private final class Box: Sendable {
        private let child = Mutex<ConformanceChild?>(nil)
        var owner: ConformanceChild? { child.withLock(\.self) }
        func set(_ owner: ConformanceChild?) { child.withLock { $0 = owner } }
    }
}
