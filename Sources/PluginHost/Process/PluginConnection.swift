import KeyHooks
import Synchronization

/// One process of a session, with its lines and what it says on standard error.
final class PluginConnection: Sendable {
    let errors: StandardErrorLog
    let child: ChildProcess
    private let observer: WireObserver?
    /// Only the thread of the child's streams takes this lock.
    private let framing: Mutex<(lines: LineFraming, isOver: Bool)>

    /// Starts a process; ``begin(for:)`` is to follow.
    init(_ settings: RunnerSettings, errors: StandardErrorLog) throws(SystemFailure) {
        self.errors = errors
        observer = settings.observer
        framing = Mutex((LineFraming(limit: settings.limits.lineBytes), false))
        child = try settings.children.start(settings.launch, graces: settings.limits.graces)
    }

    /// Begins to hand on to a session what the process writes.
    func begin(for session: PluginSession) {
        child.begin(
            output: { [weak session] bytes in self.take(bytes, for: session) },
            // It can answer no more.
            outputEnded: { self.end(.gracefully) },
            errors: { bytes in
                self.observer?(.errors, bytes)
                self.errors.take(bytes)
            },
            exited: { [weak session] exit in
                let partial = self.framing.withLock(\.lines.rest)
                self.errors.endLine()
                if session?.repeatsLines(exit, partial, of: self) ?? false { self.errors.dropLatest() }
                self.errors.finish()
                if !partial.isEmpty { self.observer?(.received, partial[...]) }
                session?.exited(exit, partial, self)
            }
        )
    }

    private func take(_ bytes: ArraySlice<UInt8>, for session: PluginSession?) {
        framing.withLock { state in
            guard !state.isOver else { return }
            do throws(LineFraming.TooLong) {
                try state.lines.take(bytes) { line in
                    observer?(.received, line)
                    session?.receive(line, from: self)
                }
            } catch {
                state.isOver = true
                session?.refuseLongLine(from: self)
            }
        }
    }

    @discardableResult
    func send(_ line: [UInt8]) -> Bool {
        observer?(.sent, line[...])
        return child.send(line)
    }

    func end(_ ending: ChildProcess.Ending) { child.end(ending) }
}
