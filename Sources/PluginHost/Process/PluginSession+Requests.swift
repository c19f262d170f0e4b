import ExtensionHooks
import JSON5Syntax
import KeyHooks
import Synchronization

extension PluginSession {
    /// A question on its way into a session.
    struct PendingRequest: Sendable {
        let number: UInt64
        let request: PluginRequest
        let complete: SessionState.Completion
    }
}

extension PluginSession {
    /// Puts a question in line, and starts the plugin if it does not run.
    func register(_ asked: PendingRequest) {
        change { state, effects in
            if Task.isCancelled {
                effects.complete(asked.complete, .failure(CancellationError()))
                return
            }
            if let refusal = refusal(in: state.phase) {
                effects.complete(asked.complete, .failure(refusal))
                return
            }
            let now = clock.now()
            let due = asked.request.deadline.map { now + $0.bounded } ?? defaultDue(from: now, in: state.phase)
            state.entries[asked.number] = SessionState.Entry(
                request: asked.request,
                begun: now,
                due: due,
                complete: asked.complete
            )
            state.line.add(asked.number)
            if let due { effects.look(at: due) }
            switch state.phase {
            case .idle: beginStart(&state, &effects)
            case .pausing(let until):
                if until <= now { beginStart(&state, &effects) } else { effects.look(at: until) }
            default: pump(&state, &effects)
            }
        }
    }

    private func refusal(in phase: SessionState.Phase) -> PluginError? {
        switch phase {
        case .quarantined(let error): error
        case .closed: launch.shutDownError
        default: nil
        }
    }

    private func defaultDue(from now: Duration, in phase: SessionState.Phase) -> Duration? {
        if case .ready = phase { now + launch.requestTimeout } else { nil }
    }

    /// Lets the caller of a request go that was cancelled.
    func abandon(_ number: UInt64) {
        change { state, effects in release(number, .failure(CancellationError()), &state, &effects) }
    }

    /// Lets a caller go; a request that was sent stays known until it is answered.
    func release(
        _ number: UInt64,
        _ result: Result<PluginAnswer, any Error>,
        _ state: inout SessionState,
        _ effects: inout SessionState.Effects
    ) {
        guard var entry = state.entries[number], entry.complete != nil else { return }
        effects.complete(entry.complete, result)
        guard entry.isSent else {
            state.entries[number] = nil
            return
        }
        entry.complete = nil
        let due = clock.now() + limits.owedAnswer
        entry.due = due
        effects.look(at: due)
        state.entries[number] = entry
        guard case .ready(let capabilities) = state.phase, capabilities.contains(.cancel) else { return }
        if let line = try? HostMessage.cancel(id: String(number)).node.wireLine() { state.connection?.send(line) }
    }

    /// Sends what is in line as far as the plugin may have it.
    func pump(_ state: inout SessionState, _ effects: inout SessionState.Effects) {
        guard case .ready(let capabilities) = state.phase, let connection = state.connection else { return }
        let now = clock.now()
        var batch = BatchLine(limit: limits.lineBytes, isOpen: capabilities.contains(.batch))
        var isAccepted = true
        while state.inFlight < limits.inFlight, let number = state.line.first {
            state.line.removeFirst()
            guard var entry = state.entries[number] else { continue }
            let due = entry.due ?? now + launch.requestTimeout
            switch line(number, entry.request, for: due - now) {
            case .failure(let error):
                effects.complete(entry.complete, .failure(error))
                state.entries[number] = nil
            case .success(let line):
                entry.due = due
                entry.isSent = true
                state.entries[number] = entry
                state.inFlight += 1
                effects.look(at: due)
                if let complete = batch.add(line), isAccepted { isAccepted = connection.send(complete) }
            }
        }
        if let last = batch.finish(), isAccepted { isAccepted = connection.send(last) }
        if !isAccepted { giveUp(error(.crashed, "it does not read what it is sent and was ended"), &state, &effects) }
    }

    private func line(
        _ number: UInt64,
        _ request: PluginRequest,
        for time: Duration
    ) -> Result<[UInt8], PluginError> {
        guard time > .zero else { return .failure(error(.deadlineExceeded, "earlier requests took all of the time")) }
        guard let line = try? request.message(id: String(number), deadline: time).jsonBytes() else {
            return .failure(error(.invalidInput, "the request cannot be written as JSON"))
        }
        guard line.count <= limits.lineBytes else {
            return .failure(error(.tooLarge, "the request has more than \(limits.lineBytes) bytes"))
        }
        return .success(line)
    }
}
