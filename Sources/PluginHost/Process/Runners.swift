package import ExtensionHooks
import KeyHooks
import Synchronization

/// A plugin that can be asked, whichever way it is run.
package protocol PluginRunner: Sendable {
    var launch: PluginLaunch { get }
    var clock: AnyClock { get }

    /// Asks one question once.
    ///
    /// - Throws: ``PluginError``; `CancellationError` when the task is cancelled.
    func answer(to request: PluginRequest) async throws -> PluginAnswer

    /// The processes that it starts, with those of others perhaps.
    var children: ChildProcesses { get }

    /// Has all requests fail from now on; whoever owns ``children`` ends the processes.
    func close()
}

extension PluginSession: PluginRunner {}
extension OneshotPlugin: PluginRunner {}

extension PluginRunner {
    /// Ends it, with all that is in its ``children``, and waits until the processes are collected.
    func shutdown() async {
        close()
        await children.end(.gracefully)
    }

    /// The pause after a first failure, unless the plugin suggests a longer one; each further one is twice as long.
    private static var firstPause: Duration { .milliseconds(100) }

    /// Asks one question, and again as long as the source cannot be reached and there is time.
    ///
    /// - Throws: The last ``PluginError``; `CancellationError` when the task is cancelled.
    package func answerRetrying(_ request: PluginRequest) async throws -> PluginAnswer {
        let due = clock.now() + (request.deadline ?? launch.requestTimeout)
        var request = request
        var pause = Self.firstPause
        while true {
            do {
                return try await answer(to: request)
            } catch let error as PluginError where error.kind == .unavailable && error.origin == .plugin {
                // What it suggests makes the pauses longer and never shorter: it might say zero forever.
                let wait = max(error.retryAfter ?? .zero, pause)
                // No point in waiting for a time at which nobody waits any more.
                guard clock.now() + wait < due else { throw error }
                try await clock.sleep(wait)
                pause = wait * 2
                request.attempt += 1
                request.deadline = due - clock.now()
            }
        }
    }
}

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
