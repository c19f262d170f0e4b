import ExtensionHooks
import JSON5Syntax
import KeyHooks
import LightFoundation
import Synchronization

/// A plugin that is started forevery request: one line in, one object out, status 0.
final class OneshotPlugin: Sendable {
    let launch: PluginLaunch
    private let limits: SessionLimits
    let clock: AnyClock
    private let mask = SecretRedactor()
    private let log: @Sendable (String) -> Void
    private let observer: WireObserver?
    private let verify: PluginVerification
    let children: ChildProcesses
    private let lastNumber = Atomic<UInt64>(0)
    private let slots: AsyncSemaphore
    private let running = Mutex<(calls: [UInt64: OneshotRun], isOpen: Bool)>(([:], true))

    /// Makes a plugin; nothing is started yet.
    ///
    /// `log` gets what the plugin writes on standard error, cleaned and masked, line by line, when its answer is known;
    /// `observer` is shown what is sent and written; `verify` is asked before each start; `children` is where its
    /// processes are known.
    init(
        _ launch: PluginLaunch,
        limits: SessionLimits = SessionLimits(),
        clock: some Clock<Duration> = ContinuousClock(),
        children: ChildProcesses = ChildProcesses(),
        log: @escaping @Sendable (String) -> Void = { _ in },
        observer: WireObserver? = nil,
        verify: @escaping PluginVerification = {}
    ) {
        self.launch = launch
        self.limits = limits
        self.clock = AnyClock(clock)
        self.log = log
        self.observer = observer
        self.verify = verify
        self.children = children
        mask.remember(environment: launch.environment)
        mask.remember(configuration: launch.configuration)
        slots = AsyncSemaphore(count: limits.inFlight)
    }

    /// Starts the plugin and asks it one question, when there is room for another process.
    ///
    /// - Throws: ``PluginError``; `CancellationError` when the task is cancelled.
    func answer(to request: PluginRequest) async throws -> PluginAnswer {
        try Task.checkCancellation()
        let number = lastNumber.add(1, ordering: .relaxed).newValue
        let call = OneshotRun(limit: limits.lineBytes) { [slots] in slots.leave(number) }
        let isOpen = running.withLock { running in
            if running.isOpen { running.calls[number] = call }
            return running.isOpen
        }
        guard isOpen else { throw launch.shutDownError }
        let due = clock.now() + (request.deadline ?? launch.requestTimeout).bounded
        let watch = Task.detached { [clock] in
            try await clock.sleep(due - clock.now())
            call.stop(.late)
        }
        defer {
            watch.cancel()
            running.withLock { _ = $0.calls.removeValue(forKey: number) }
        }
        return try await withTaskCancellationHandler {
            guard await slots.take(number, isWanted: { call.isWanted }) else { throw stopError(call, request) }
            defer { slots.give() }
            return try await run(call, request, id: String(number), due: due)
        } onCancel: {
            call.stop(.cancelled)
        }
    }

    func close() {
        let calls = running.withLock { running in
            running.isOpen = false
            return Array(running.calls.values)
        }
        for call in calls { call.stop(.shutDown) }
    }

    private func run(
        _ call: OneshotRun,
        _ request: PluginRequest,
        id: String,
        due: Duration
    ) async throws -> PluginAnswer {
        var request = request
        request.settings = (launch.configuration, launch.interactive)
        if let values = request.outcome?["result"] { mask.remember(values) }
        guard let line = try? request.message(id: id, deadline: due - clock.now()).wireLine() else {
            throw error(.invalidInput, "the request cannot be written as JSON")
        }
        guard line.count - 1 <= limits.lineBytes else {
            throw error(.tooLarge, "the request has more than \(limits.lineBytes) bytes")
        }
        let errors = StandardErrorLog(
            id: launch.id,
            mask: mask,
            holding: launch.mayAskUser ? .never { true } : .untilReleased,
            log: log
        )
        let child = try await spawn(call, errors, request)
        call.began(child)
        defer { call.ended() }
        child.begin()
        observer?.sent(line[...])
        child.send(line, thenClose: true)
        let exit = await child.ended()
        if let observer, case let output = call.outcome.output, !output.isEmpty { observer.received(output[...]) }
        do {
            let answer = try result(of: call, exit, errors, id: id, request)
            errors.release(hasKey: answer.hasKey)
            return answer
        } catch {
            errors.release(hasKey: false)
            throw error
        }
    }

    private func stopError(_ call: OneshotRun, _ request: PluginRequest) -> any Error {
        switch call.outcome.stop {
        case .cancelled: CancellationError()
        case .tooLong: error(.tooLarge, "it wrote more than \(limits.lineBytes) bytes")
        case .shutDown: launch.shutDownError
        case .late, nil: error(.deadlineExceeded, launch.lateness(of: request))
        }
    }

    private func spawn(
        _ call: OneshotRun,
        _ errors: StandardErrorLog,
        _ request: PluginRequest
    ) async throws -> ChildProcess {
        let handlers = ChildProcess.Handlers(
            output: call.take,
            errors: { bytes in
                self.observer?.errors(bytes)
                errors.take(bytes)
            },
            exited: { _ in errors.finish() }
        )
        for attempt in 1... {
            let child = try launch.start(verify, attempt: attempt) { () throws(SystemFailure) in
                try children.start(launch, graces: limits.graces, handlers: handlers)
            }
            if let child { return child }
            try? await clock.sleep(SessionLimits.busyPause)
            guard call.isWanted else { break }
        }
        throw call.outcome.stop == .late ? launch.busyError : stopError(call, request)
    }

    private func result(
        of call: OneshotRun,
        _ exit: ChildExit,
        _ errors: StandardErrorLog,
        id: String,
        _ request: PluginRequest
    ) throws -> PluginAnswer {
        guard call.isWanted else { throw stopError(call, request) }
        let output = call.outcome.output
        guard exit == .status(0) else { throw crash(exit, errors) }
        do {
            let answer = try answer(in: output, id: id, request.phase)
            // Nobody waits any more for what took too long to read.
            guard call.isWanted else { throw stopError(call, request) }
            return answer
        } catch let violation as PluginMessage.Violation {
            throw error(.protocolViolation, violation.problem, hint: violation.hint)
        }
    }

    private func answer(in output: [UInt8], id: String, _ phase: PluginRequest.Phase) throws -> PluginAnswer {
        guard !output.isEmpty else {
            throw PluginMessage.Violation(
                problem: "it ended with status 0 and wrote nothing; \(PluginMessage.Violation.withoutKey)"
            )
        }
        guard case .response(let answered, let response) = try PluginMessage(line: output[...]) else {
            throw PluginMessage.Violation(problem: "something else than the answer to the request")
        }
        guard answered == id else {
            throw PluginMessage.Violation(problem: "an answer without the id of the request, which was '\(id)'")
        }
        try response.check(for: phase)
        if let secret = response.secret { mask.remember(secret) }
        return try response.result(plugin: launch.id, mask: mask, remark: { launch.remark(after: [$0]) }).get()
    }

    private func crash(_ exit: ChildExit, _ errors: StandardErrorLog) -> PluginError {
        if launch.isErrorInLog { errors.dropLatest() }
        return error(.crashed, "it \(exit.words)\(launch.words(on: exit, after: errors.latest))")
    }

    private func error(_ kind: PluginError.Kind, _ message: String, hint: String? = nil) -> PluginError {
        PluginError(kind, plugin: launch.id, message, hint: hint)
    }
}

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
