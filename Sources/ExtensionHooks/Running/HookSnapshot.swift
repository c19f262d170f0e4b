/// What was registered for a point at one moment, in running order.
@usableFromInline
final class HookSnapshot<Arguments: Sendable, Output: Sendable>: Sendable {
    /// What the first call site of the point says of it; kept here since few calls need it.
    @usableFromInline let point: PointDescriptor<Arguments>

    @usableFromInline let hooks: [Hook<Arguments, Output>]
    @usableFromInline let hasEnds: Bool
    @usableFromInline let hasWaitingEnds: Bool
    @usableFromInline let isObserved: Bool
    private let observers: [CallObserver]
    @usableFromInline let settings: CallSettings

    init(
        _ point: PointDescriptor<Arguments>,
        _ hooks: [Hook<Arguments, Output>],
        observers: [CallObserver],
        settings: CallSettings
    ) {
        self.point = point
        self.hooks = hooks
        hasEnds = hooks.contains { $0.end != nil }
        hasWaitingEnds = hooks.contains { if case .waiting? = $0.end { true } else { false } }
        self.observers = observers
        isObserved = !observers.isEmpty
        self.settings = settings
    }

    /// Starts the record of a call; nil if nobody observes.
    @usableFromInline
    func record() -> CallRecording? {
        CallRecording(point: point.name, observers: observers, settings: settings)
    }

    /// Who answered, by the position that a call noted.
    @inlinable
    func source(_ answerer: Int) -> CallSource {
        answerer < 0 ? .body : .hook(hooks[answerer].id)
    }
}

extension HookSnapshot {
    @usableFromInline typealias Starts = StartPhase<Arguments, Output>
    @usableFromInline typealias Ends = EndPhase<Arguments, Output>

    /// Runs start halves up to the first that has to wait.
    ///
    /// This loop and that of the end halves are the only ones: a call that may wait runs a hook that has to and comes
    /// back. Two loops rather than nested closures, so that nothing can be called twice or left out.
    ///
    /// - Returns: Whether the start phase is over.
    @inlinable
    func runStarts(_ starts: inout Starts) -> Bool {
        while starts.position < hooks.count {
            let hook = hooks[starts.position]
            if hook.isStartExcluded(by: starts.call.current) {
                starts.passExcluded(isPaired: hook.end != nil)
                continue
            }
            guard let action = hook.start else {
                starts.position += 1
                continue
            }
            if case .waiting = action { return false }
            if let recording = starts.recording { recording.began(hook.id, .start) }
            do {
                if try !action.run(&starts.call) {
                    starts.recording?.withdrawn()
                    return false
                }
                if starts.started(hook, at: self) { return true }
            } catch {
                if starts.startFailed(error, hook.id, policy: hook.startPolicy, at: point) { return true }
            }
        }
        return true
    }

    /// Runs the end halves that are owed, the last first, up to the first that has to wait.
    ///
    /// - Returns: Whether the end phase is over.
    @inlinable
    func runEnds(_ ends: inout Ends, after starts: Starts) -> Bool {
        while ends.position > 0 {
            let hook = hooks[ends.position - 1]
            guard let action = hook.end, isOwed(hook, ends, after: starts) else {
                ends.position -= 1
                continue
            }
            guard case .immediate(let end) = action else { return false }
            ends.position -= 1
            ends.begin(hook.id)
            do {
                try end(&ends.call)
                ends.ended(hook.id)
            } catch {
                ends.failed(error, hook.id, policy: hook.endPolicy, point: point.name)
            }
        }
        return true
    }

    @inlinable
    func isOwed(_ hook: Hook<Arguments, Output>, _ ends: Ends, after starts: Starts) -> Bool {
        guard hook.start == nil else { return starts.owesEnd(at: ends.position - 1) }
        return hook.filter?.matches(ends.call.arguments, .end) ?? true
    }

    /// Calls through hooks as far as nothing has to wait: the start halves in order, the body unless somebody answered,
    /// the end halves in reverse.
    ///
    /// - Returns: Nil if a hook has to wait, which those of a synchronous point never do.
    @inlinable
    func callWithoutWaiting(
        _ arguments: Arguments,
        body: (Arguments) throws -> Output
    ) throws -> HookOutcome<Arguments, Output>? {
        if hasWaitingEnds { return nil }
        // Unlike a call with `await`, a hook that cannot wait can make this one, of its own point too.
        let depth = Reentrancy.depth.get()
        try settings.checkDepth(depth, point: point.name)
        var starts = Starts(arguments, recording: isObserved ? record() : nil)
        let result: Result<Output, any Error>
        var isWaiting = false
        if !Reentrancy.depth.withValue(depth + 1, operation: { runStarts(&starts) }) {
            isWaiting = true
            // It ended the call; the body did not run.
            starts.answerer = starts.position
            result = .failure(HookWouldWait(hook: hooks[starts.position].id))
        } else if let answer = starts.call.result {
            result = answer
        } else {
            starts.recording?.bodyBegan()
            result = Result { try body(starts.call.current) }
            starts.recording?.bodyFinished()
        }
        var ends = Ends(of: hooks.count, after: starts, result: result, answeredBy: source(starts.answerer))
        if hasEnds {
            Reentrancy.depth.withValue(depth + 1) { _ = runEnds(&ends, after: starts) }
        }
        let final = ends.complete()
        // An end half may recover from errors, but it cannot know what the hook would have said.
        if isWaiting { return nil }
        return HookOutcome(output: try final.get(), answeredBy: ends.answeredBy, arguments: starts.call.current)
    }

    /// Calls through the hooks of a synchronous point, none of which can wait.
    @inlinable
    func runSynchronously(_ arguments: Arguments, body: (Arguments) throws -> Output) throws -> Output {
        guard let outcome = try callWithoutWaiting(arguments, body: body) else {
            preconditionFailure("a hook of a synchronous point cannot wait")
        }
        return outcome.output
    }
}
