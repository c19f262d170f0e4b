import KeyHooks
import Synchronization

extension PluginSession {
    /// Decides that a process is started, which is done on another thread when the lock is free.
    func beginStart(_ state: inout SessionState) {
        state.generation += 1
        // Its time begins when a thread is free to start it.
        state.phase = .starting(helloDue: clock.now() + .century)
        state.effects.starts = state.generation
    }

    /// Starts the process that was decided on.
    func start(_ generation: UInt64) {
        do throws(PluginError) {
            var attempt = 1
            change { state in
                attempt += state.busyStarts
                guard case .starting = state.phase, state.generation == generation else { return }
                state.startedAt = clock.now()
                let due = state.startedAt + launch.helloTimeout
                state.phase = .starting(helloDue: due)
                state.effects.look(at: due)
            }
            let started = try launch.start(settings.verify, attempt: attempt) { () throws(SystemFailure) in
                try PluginConnection(settings, errors: errorLog())
            }
            guard let connection = started else { return change { startLater(&$0, generation) } }
            change { state in
                state.busyStarts = 0
                if case .starting = state.phase, state.generation == generation {
                    state.connection = connection
                } else {
                    // Its time was over, or the session's, before it was there.
                    state.effects.ended = connection
                }
            }
            connection.begin(for: self)
        } catch {
            change { state in
                guard case .starting = state.phase, state.generation == generation else { return }
                state.phase = .idle
                state.busyStarts = 0
                fail(state.entries.keys, with: error, &state)
            }
        }
    }

    private func errorLog() -> StandardErrorLog {
        // The error of one that ends before its hello repeats its lines as well.
        let isErrorInLog = launch.isErrorInLog
        let isDue: @Sendable () -> Bool = { [weak self] in
            self?.state.withLock { isErrorInLog ? !$0.entries.isEmpty : $0.inFlight > 0 } ?? true
        }
        return settings.errorLog(launch.mayAskUser ? .never(isDue) : .whileDue(clock, isDue))
    }

    /// Puts a start off whose file is open for writing; the requests wait as they do after a crash.
    private func startLater(_ state: inout SessionState, _ generation: UInt64) {
        guard case .starting = state.phase, state.generation == generation else { return }
        state.busyStarts += 1
        // There was no process.
        state.generation -= 1
        let until = clock.now() + SessionLimits.busyPause
        state.phase = .pausing(until: until)
        if !state.line.isEmpty { state.effects.look(at: until) }
    }

    /// Whether ``reason(_:in:_:_:)`` will reach somebody, with the last lines in it.
    func repeatsLines(_ exit: ChildExit, _ partial: [UInt8], of connection: PluginConnection) -> Bool {
        guard launch.isErrorInLog, exit != .status(0) || partial.isEmpty else { return false }
        return state.withLock { state in
            guard state.connection === connection else { return false }
            let isReady = state.isReady
            return state.entries.values.contains { $0.complete != nil && ($0.isSent || !isReady) }
        }
    }

    func exited(_ exit: ChildExit, _ partial: [UInt8], _ connection: PluginConnection) {
        let latest = connection.errors.latest
        change { state in
            guard state.connection === connection else { return }
            state.connection = nil
            processIsGone(reason(exit, in: state, latest, partial), &state)
        }
    }

    private func reason(
        _ exit: ChildExit,
        in state: SessionState,
        _ latest: [String],
        _ partial: [UInt8]
    ) -> PluginError {
        if exit == .status(0), !partial.isEmpty {
            let shape = PluginMessage.Violation.shape(of: partial[...])
            return launch.error(
                .protocolViolation,
                "it ended within a line (\(shape)): end each with a line feed, and flush"
            )
        }
        return launch.error(
            .crashed,
            "it \(exit.words)\(Self.silence(exit, in: state))\(launch.words(on: exit, after: latest))"
        )
    }

    /// What a process should have done that ended as if all were well; empty for another.
    private static func silence(_ exit: ChildExit, in state: SessionState) -> String {
        guard exit == .status(0) else { return "" }
        if state.isReady { return " instead of answering; \(PluginMessage.Violation.withoutKey)" }
        return " before it said hello; one that answers one request and ends has \"mode\": \"oneshot\" in its manifest"
    }

    /// Ends a process that cannot be trusted to go on, and fails what it has not answered.
    func giveUp(_ error: PluginError, _ state: inout SessionState) {
        // What it still writes may be about what it has not answered.
        state.connection?.errors.noteAnswer(hasKey: false)
        state.effects.ended = state.connection
        state.connection = nil
        processIsGone(error, &state)
    }

    /// Fails what the process owed, and decides about the next one.
    private func processIsGone(_ error: PluginError, _ state: inout SessionState) {
        let now = clock.now()
        let wasReady = state.isReady
        // What it was never sent may be answered by its successor, if it ever came so far as to be sent anything.
        fail(state.entries.filter { !wasReady || $0.value.isSent }.keys, with: error, &state)
        state.inFlight = 0
        state.crashes = now - state.startedAt > limits.steadyAfter ? 1 : state.crashes + 1
        if error.kind == .versionMismatch || state.crashes > limits.restarts {
            let times =
                state.crashes == 1 ? "" : "it failed \(state.crashes) times and is not started again; the last: "
            let reason = launch.error(error.kind, times + error.message, hint: error.hint)
            state.phase = .quarantined(reason)
            fail(state.entries.keys, with: reason, &state)
        } else {
            var pause = limits.firstPause
            for _ in 1..<state.crashes { pause *= 4 }
            state.phase = .pausing(until: now + pause)
            if !state.line.isEmpty { state.effects.look(at: now + pause) }
        }
    }

    private func fail(_ numbers: some Sequence<UInt64>, with error: PluginError, _ state: inout SessionState) {
        for number in Array(numbers) {
            state.effects.complete(state.entries.removeValue(forKey: number)?.complete, .failure(error))
        }
        if state.entries.isEmpty { state.line.removeAll() }
    }

    func close() {
        change { state in
            state.phase = .closed
            state.watch?.task.cancel()
            state.watch = nil
            state.connection = nil
            fail(state.entries.keys, with: launch.shutDownError, &state)
        }
    }
}
