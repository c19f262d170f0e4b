import Synchronization

extension PluginSession {
    /// Changes the state, and does afterwards what follows from the change.
    func change(_ body: (inout SessionState, inout SessionEffects) -> Void) {
        let effects = state.withLock { state in
            var effects = SessionEffects()
            body(&state, &effects)
            if let due = effects.due { watch(&state, until: due) }
            return effects
        }
        effects.ended?.end(.atOnce)
        effects.completeAll()
        for report in effects.reports { log(report) }
        if let generation = effects.starts { start(generation) }
    }

    /// Sees to it that somebody looks at the clock when it is time; one task does so for all requests.
    private func watch(_ state: inout SessionState, until due: Duration) {
        if let watch = state.watch {
            guard due < watch.due else { return }
            watch.task.cancel()
        }
        state.watchCount += 1
        let (number, clock) = (state.watchCount, clock)
        let task = Task.detached { [weak self] in
            try? await clock.sleep(max(.zero, due - clock.now()))
            if !Task.isCancelled { self?.tick(number) }
        }
        state.watch = (due, task)
    }

    /// Does what is due by now.
    private func tick(_ number: UInt64) {
        change { state, effects in
            guard number == state.watchCount else { return }
            state.watch = nil
            let now = clock.now()
            switch state.phase {
            case .starting(let helloDue) where helloDue <= now:
                let words = "it said no hello within \(launch.helloTimeout)"
                giveUp(error(.helloTimeout, words, hint: PluginLaunch.helloHint), &state, &effects)
            case .pausing(let until) where until <= now && !state.line.isEmpty: beginStart(&state, &effects)
            default: break
            }
            expire(now, &state, &effects)
            if let due = state.nextDue { effects.look(at: due) }
        }
    }

    /// Gives up requests whose time is over, and a process that owes an answer for too long.
    private func expire(_ now: Duration, _ state: inout SessionState, _ effects: inout SessionEffects) {
        var isHung = false
        for (number, entry) in state.entries {
            guard let due = entry.due, due <= now else { continue }
            if entry.complete == nil {
                isHung = true
            } else {
                release(number, .failure(lateness(of: entry, in: state)), &state, &effects)
            }
        }
        guard isHung else { return }
        giveUp(error(.crashed, "it owed an answer for too long and was ended"), &state, &effects)
    }

    private func lateness(of entry: SessionState.Entry, in state: SessionState) -> PluginError {
        if entry.isSent, entry.due == entry.begun + limits.progressCap {
            return error(.deadlineExceeded, "no answer within \(limits.progressCap), whatever progress it reported")
        }
        return lateness(of: entry.request, isSent: entry.isSent, in: state)
    }

    private func lateness(of request: PluginRequest, isSent: Bool, in state: SessionState) -> PluginError {
        switch state.phase {
        case .pausing where state.busyStarts > 0, .starting where state.busyStarts > 0: launch.busyError
        case .pausing: error(.deadlineExceeded, "it crashed and has not been started again in time")
        // This says nothing about the source either.
        case .starting where state.connection == nil: error(.cannotStart, "it could not be started in time")
        case .starting: error(.deadlineExceeded, "it has not said hello in time")
        default:
            error(
                .deadlineExceeded,
                isSent ? launch.lateness(of: request) : "earlier requests took all of the time"
            )
        }
    }
}
