import Synchronization

/// One process of a session, with its lines and what it says on standard error.
final class PluginConnection: Sendable {
    /// What happens on a connection; all on one thread.
    struct Events: Sendable {
        var line: @Sendable (ArraySlice<UInt8>) -> Void
        var tooLong: @Sendable ([UInt8]) -> Void
        var outputEnded: @Sendable () -> Void
        var exited: @Sendable (ChildExit, _ latest: [String], _ partial: [UInt8]) -> Void
    }

    private let child: ChildProcess

    init(
        _ launch: PluginLaunch,
        in children: ChildProcesses,
        limits: SessionLimits,
        errors: StandardErrorLog,
        events: Events
    ) throws(SpawnFailure) {
        // Only the thread of the child's streams takes this lock.
        let framing = Framing(limit: limits.lineBytes)
        child = try children.start(
            launch,
            graces: limits.graces,
            handlers: ChildProcess.Handlers(
                output: { bytes in
                    framing.state.withLock { state in
                        guard !state.isOver else { return }
                        do throws(LineFraming.TooLong) {
                            try state.lines.take(bytes, events.line)
                        } catch {
                            state.isOver = true
                            events.tooLong(error.beginning)
                        }
                    }
                },
                outputEnded: events.outputEnded,
                errors: errors.take,
                exited: { exit in
                    errors.finish()
                    events.exited(exit, errors.latest, framing.state.withLock(\.lines.rest))
                }
            )
        )
    }

    private final class Framing: Sendable {
        let state: Mutex<(lines: LineFraming, isOver: Bool)>

        init(limit: Int) {
            state = Mutex((LineFraming(limit: limit), false))
        }
    }

    var pid: Int32 { child.pid }

    func begin() { child.begin() }

    @discardableResult
    func send(_ line: [UInt8]) -> Bool { child.send(line) }
    func end(_ ending: ChildProcess.Ending) { child.end(ending) }
}
