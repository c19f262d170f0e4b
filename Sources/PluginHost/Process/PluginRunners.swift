import JSON5Syntax
import KeyHooks
import Synchronization

/// A plugin that can be asked, whichever way it is run.
package protocol PluginRunner: AnyObject, Sendable {
    /// Makes one; nothing is started yet.
    init(_ settings: RunnerSettings)

    var settings: RunnerSettings { get }

    /// Asks one question once.
    ///
    /// - Throws: ``PluginError``; `CancellationError` when the task is cancelled.
    func answer(to request: PluginRequest) async throws -> PluginAnswer

    /// Has all requests fail from now on; whoever owns ``RunnerSettings/children`` ends the processes.
    func close()
}

/// How a plugin is run, and who hears of it.
package struct RunnerSettings: Sendable {
    package let launch: PluginLaunch
    var limits = SessionLimits()
    var clock = AnyClock()
    /// Where its processes are known, with those of others perhaps.
    package var children = ChildProcesses()
    /// Gets what the plugin writes on standard error, cleaned and masked, line by line.
    var log: @Sendable (String) -> Void = { _ in }
    /// Is shown what is sent and written.
    var observer: WireObserver?
    /// Asked before each start.
    var verify: PluginVerification = {}
    let mask: SecretRedactor

    package init(_ launch: PluginLaunch, observer: WireObserver? = nil) {
        self.launch = launch
        self.observer = observer
        mask = SecretRedactor(launch)
    }

    /// The settings of a plugin among others of a host.
    init(
        _ launch: PluginLaunch,
        in children: ChildProcesses,
        log: @escaping @Sendable (String) -> Void,
        verify: @escaping PluginVerification
    ) {
        self.init(launch)
        (self.children, self.log, self.verify) = (children, log, verify)
    }

    /// What asks the plugin.
    package func runner() -> any PluginRunner {
        switch launch.mode {
        case .session: PluginSession(self)
        case .oneshot: OneshotPlugin(self)
        }
    }

    func errorLog(_ holding: StandardErrorLog.Holding) -> StandardErrorLog {
        StandardErrorLog(id: launch.id, mask: mask, holding: holding, log: log)
    }

    /// What a response comes to, fit to be shown; its values are known to the mask from then on.
    func answer(in response: PluginResponse) throws(PluginError) -> PluginAnswer {
        if let secret = response.secret { mask.remember(secret) }
        return try response.answer(plugin: launch.id, mask: mask) { launch.remark(after: [$0]) }
    }

    /// A request as JSON, if it can be sent.
    func json(of request: PluginRequest, id: String, within time: Duration) throws(PluginError) -> [UInt8] {
        guard time > .zero else { throw launch.error(.deadlineExceeded, "earlier requests took all of the time") }
        guard let json = try? request.message(id: id, deadline: time).jsonBytes() else {
            throw launch.error(.invalidInput, "the request cannot be written as JSON")
        }
        guard json.count <= limits.lineBytes else {
            throw launch.error(.tooLarge, "the request has more than \(limits.lineBytes) bytes")
        }
        return json
    }
}

extension PluginRunner {
    package var launch: PluginLaunch { settings.launch }
    package var children: ChildProcesses { settings.children }
    var limits: SessionLimits { settings.limits }
    var clock: AnyClock { settings.clock }

    /// Ends it, with all that is in its ``children``, and waits until the processes are collected.
    package func shutdown(atOnce: Bool = false) async {
        close()
        await children.end(atOnce ? .atOnce : .gracefully)
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

/// Looks on while a plugin is spoken with, for its author; no part of what a program shows or logs.
///
/// It gets everything as it is, keys included.
package typealias WireObserver = @Sendable (WireEvent, ArraySlice<UInt8>) -> Void

/// What a ``WireObserver`` gets.
package enum WireEvent: Sendable {
    /// A line that the plugin is sent.
    case sent
    /// A line of a session, or all that a one-shot plugin writes.
    case received
    /// What it writes on standard error, in pieces.
    case errors
}

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
