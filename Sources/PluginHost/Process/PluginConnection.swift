import KeyHooks
import Synchronization

/// One process of a session, with its lines and what it says on standard error.
final class PluginConnection: Sendable {
    /// What happens on a connection; all on one thread.
    struct Events: Sendable {
        var line: @Sendable (ArraySlice<UInt8>) -> Void
        var tooLong: @Sendable () -> Void
        var outputEnded: @Sendable () -> Void
        /// Whether the error of somebody who waits will repeat the last lines.
        var repeatsLines: @Sendable (ChildExit, _ partial: [UInt8]) -> Bool
        var exited: @Sendable (ChildExit, _ latest: [String], _ partial: [UInt8]) -> Void
    }

    private let child: ChildProcess
    private let observer: WireObserver?
    let errors: StandardErrorLog

    init(
        _ launch: PluginLaunch,
        in children: ChildProcesses,
        limits: SessionLimits,
        errors: StandardErrorLog,
        observer: WireObserver? = nil,
        events: Events
    ) throws(SystemFailure) {
        self.errors = errors
        self.observer = observer
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
                            try state.lines.take(bytes) { line in
                                observer?.received(line)
                                events.line(line)
                            }
                        } catch {
                            state.isOver = true
                            events.tooLong()
                        }
                    }
                },
                outputEnded: events.outputEnded,
                errors: { bytes in
                    observer?.errors(bytes)
                    errors.take(bytes)
                },
                exited: { exit in
                    let partial = framing.state.withLock(\.lines.rest)
                    errors.endLine()
                    if events.repeatsLines(exit, partial) { errors.dropLatest() }
                    errors.finish()
                    if !partial.isEmpty { observer?.received(partial[...]) }
                    events.exited(exit, errors.latest, partial)
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
    func send(_ line: [UInt8]) -> Bool {
        observer?.sent(line[...])
        return child.send(line)
    }
    func end(_ ending: ChildProcess.Ending) { child.end(ending) }
}
