import JSON5Syntax
import KeyHooks
import Synchronization

/// A plugin whose one process answers many requests.
///
/// The process is started by the first request, however many callers come at once, and again after a crash, a limited
/// number of times. Everything that happens changes one state under one lock; nothing waits while it is held.
final class PluginSession: PluginRunner {
    let settings: RunnerSettings
    let state = Mutex(SessionState())
    private let lastNumber = Atomic<UInt64>(0)

    init(_ settings: RunnerSettings) {
        self.settings = settings
    }

    deinit {
        let (connection, watch) = state.withLock { ($0.connection, $0.watch) }
        watch?.task.cancel()
        connection?.end(.gracefully)
    }

    /// How many processes were started so far.
    var spawnCount: UInt64 { state.withLock(\.generation) }

    /// Asks one question.
    ///
    /// - Throws: ``PluginError``; `CancellationError` when the task is cancelled.
    func answer(to request: PluginRequest) async throws -> PluginAnswer {
        let number = nextNumber()
        for values in request.secrets { settings.mask.remember(values) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                register(request, number) { continuation.resume(with: $0) }
            }
        } onCancel: {
            abandon(number)
        }
    }

    /// Tells the plugin that a key was refused, if it runs and wants to know.
    func invalidate(point: String, arguments: JSONNode, reason: String) {
        let message = HostMessage.invalidate(point: point, arguments: arguments, reason: reason)
        guard let line = try? message.wireLine(), line.count <= limits.lineBytes else { return }
        state.withLock { state in
            guard case .ready(let capabilities) = state.phase, capabilities.contains(.invalidate) else { return }
            state.connection?.send(line)
        }
    }

    func nextNumber() -> UInt64 { lastNumber.add(1, ordering: .relaxed).newValue }
}

extension PluginSession {
    /// Changes the state, and does afterwards what follows from the change.
    func change(_ body: (inout SessionState) -> Void) {
        let effects = state.withLock { state in
            body(&state)
            if let due = state.effects.due { watch(&state, until: due) }
            defer { state.effects = SessionState.Effects() }
            return state.effects
        }
        effects.ended?.end(.atOnce)
        for (complete, result) in effects.completions { complete(result) }
        for report in effects.reports { settings.log(report) }
        // Starting takes milliseconds, in which it blocks a thread: whoever asks must not be held up by it.
        if let generation = effects.starts {
            Task.detached(priority: Task.currentPriority) { self.start(generation) }
        }
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
        change { state in
            guard number == state.watchCount else { return }
            state.watch = nil
            let now = clock.now()
            switch state.phase {
            case .starting(let helloDue) where helloDue <= now:
                let words = "it said no hello within \(launch.helloTimeout)"
                giveUp(launch.error(.helloTimeout, words, hint: PluginLaunch.helloHint), &state)
            case .pausing(let until) where until <= now && !state.line.isEmpty: beginStart(&state)
            default: break
            }
            expire(now, &state)
            if let due = state.nextDue { state.effects.look(at: due) }
        }
    }

    /// Gives up requests whose time is over, and a process that owes an answer for too long.
    private func expire(_ now: Duration, _ state: inout SessionState) {
        var isHung = false
        for (number, entry) in state.entries {
            guard let due = entry.due, due <= now else { continue }
            if entry.complete == nil {
                isHung = true
            } else {
                release(number, .failure(lateness(of: entry, in: state)), &state)
            }
        }
        guard isHung else { return }
        giveUp(launch.error(.crashed, "it owed an answer for too long and was ended"), &state)
    }

    private func lateness(of entry: SessionState.Entry, in state: SessionState) -> PluginError {
        if entry.isSent, entry.due == entry.begun + limits.progressCap {
            return launch.error(
                .deadlineExceeded,
                "no answer within \(limits.progressCap), whatever progress it reported"
            )
        }
        switch state.phase {
        case .pausing where state.busyStarts > 0, .starting where state.busyStarts > 0: return launch.busyError
        case .pausing: return launch.error(.deadlineExceeded, "it crashed and has not been started again in time")
        // This says nothing about the source either.
        case .starting where state.connection == nil:
            return launch.error(.cannotStart, "it could not be started in time")
        case .starting: return launch.error(.deadlineExceeded, "it has not said hello in time")
        default:
            return launch.error(
                .deadlineExceeded,
                entry.isSent ? launch.lateness(of: entry.request) : "earlier requests took all of the time"
            )
        }
    }
}

extension PluginSession {
    /// Puts a question in line, and starts the plugin if it does not run.
    func register(_ request: PluginRequest, _ number: UInt64, _ complete: @escaping SessionState.Completion) {
        change { state in
            if Task.isCancelled { return state.effects.complete(complete, .failure(CancellationError())) }
            let now = clock.now()
            var due = request.deadline.map { now + $0.bounded }
            switch state.phase {
            case .quarantined(let error): return state.effects.complete(complete, .failure(error))
            case .closed: return state.effects.complete(complete, .failure(launch.shutDownError))
            case .ready: due = due ?? now + launch.requestTimeout
            case .idle, .pausing, .starting: break
            }
            state.entries[number] = SessionState.Entry(request: request, begun: now, due: due, complete: complete)
            state.line.append(number)
            if let due { state.effects.look(at: due) }
            switch state.phase {
            case .idle: beginStart(&state)
            case .pausing(let until):
                if until <= now { beginStart(&state) } else { state.effects.look(at: until) }
            default: pump(&state)
            }
        }
    }

    /// Lets the caller of a request go that was cancelled.
    func abandon(_ number: UInt64) {
        change { state in release(number, .failure(CancellationError()), &state) }
    }

    /// Lets a caller go; a request that was sent stays known until it is answered.
    func release(_ number: UInt64, _ result: Result<PluginAnswer, any Error>, _ state: inout SessionState) {
        guard var entry = state.entries[number], entry.complete != nil else { return }
        state.effects.complete(entry.complete, result)
        guard entry.isSent else {
            state.entries[number] = nil
            return
        }
        entry.complete = nil
        let due = clock.now() + limits.owedAnswer
        entry.due = due
        state.effects.look(at: due)
        state.entries[number] = entry
        guard case .ready(let capabilities) = state.phase, capabilities.contains(.cancel) else { return }
        if let line = try? HostMessage.cancel(id: String(number)).wireLine() { state.connection?.send(line) }
    }

    /// Sends what is in line as far as the plugin may have it.
    func pump(_ state: inout SessionState) {
        guard case .ready(let capabilities) = state.phase, let connection = state.connection else { return }
        let now = clock.now()
        var batch = BatchLine(limit: limits.lineBytes, isOpen: capabilities.contains(.batch))
        var isAccepted = true
        while state.inFlight < limits.inFlight, let number = state.line.first {
            state.line.removeFirst()
            guard var entry = state.entries[number] else { continue }
            let due = entry.due ?? now + launch.requestTimeout
            do throws(PluginError) {
                let json = try settings.json(of: entry.request, id: String(number), within: due - now)
                entry.due = due
                entry.isSent = true
                state.entries[number] = entry
                state.inFlight += 1
                state.effects.look(at: due)
                if let complete = batch.add(json), isAccepted { isAccepted = connection.send(complete) }
            } catch {
                state.effects.complete(entry.complete, .failure(error))
                state.entries[number] = nil
            }
        }
        if let last = batch.finish(), isAccepted { isAccepted = connection.send(last) }
        if !isAccepted {
            giveUp(launch.error(.crashed, "it does not read what it is sent and was ended"), &state)
        }
    }
}
