extension HookSite {
    @usableFromInline typealias Progress = CallProgress<Arguments, Output>
    @usableFromInline typealias Snapshot = HookSnapshot<AsyncHook<Arguments, Output>>

    /// Calls through hooks: the start halves in order, the body unless somebody answered, the end halves in reverse.
    ///
    /// Two loops rather than nested closures, so that nothing can be called twice or left out.
    @inlinable
    func run(
        _ arguments: Arguments,
        through snapshot: Snapshot,
        noting note: ([HookError]) -> Void = { _ in },
        body: (Arguments) async throws -> Output
    ) async throws -> HookOutcome<Arguments, Output> {
        let recording = snapshot.isObserved ? snapshot.record(facts.name) : nil
        var progress = Progress(arguments, recording: recording)
        if !runImmediateStarts(&progress, snapshot) {
            await runStarts(&progress, snapshot, isolation: #isolation)
        }
        if !snapshot.hasEnds, recording == nil {
            if let result = progress.call.result.take() {
                return HookOutcome(
                    output: try result.get(),
                    answeredBy: snapshot.source(progress.answerer),
                    arguments: progress.call.current
                )
            }
            return HookOutcome(
                output: try await body(progress.call.current),
                answeredBy: .body,
                arguments: progress.call.current
            )
        }
        let result: Result<Output, any Error>
        if let answer = progress.call.result {
            result = answer
        } else {
            recording?.bodyBegan()
            do {
                result = .success(try await body(progress.call.current))
            } catch {
                result = .failure(error)
            }
            recording?.bodyFinished()
        }
        let ending = Ending(progress, result: result, answeredBy: snapshot.source(progress.answerer))
        let ended = await finish(progress, ending, snapshot, isolation: #isolation)
        // The failure of an end half that ends the call carries the others.
        if !ended.resultIsEndFailure, !ended.call.failures.isEmpty { note(ended.call.failures) }
        return HookOutcome(
            output: try ended.complete().get(),
            answeredBy: ended.answeredBy,
            arguments: progress.call.current
        )
    }

    /// Runs start halves up to the first that may wait.
    ///
    /// - Returns: Whether the start phase is over.
    @inlinable
    func runImmediateStarts(_ progress: inout Progress, _ snapshot: Snapshot) -> Bool {
        while progress.position < snapshot.hooks.count {
            let hook = snapshot.hooks[progress.position]
            switch hook.start {
            case nil: progress.position += 1
            case .suspending: return false
            case .immediate(let start):
                if let recording = progress.recording { recording.began(hook.id, .start) }
                do {
                    try start(&progress.call)
                    if progress.started(hook.id, at: facts) { return true }
                } catch {
                    if progress.startFailed(error, hook.id, policy: hook.startPolicy, at: facts) { return true }
                }
            case .attempting(let attempt):
                if let recording = progress.recording { recording.began(hook.id, .start) }
                do {
                    guard try attempt(&progress.call) else {
                        progress.recording?.withdrawn()
                        return false
                    }
                    if progress.started(hook.id, at: facts) { return true }
                } catch {
                    if progress.startFailed(error, hook.id, policy: hook.startPolicy, at: facts) { return true }
                }
            }
        }
        return true
    }

    /// Runs the rest of the start halves, one level of re-entrancy deeper.
    ///
    /// `isolation` keeps the closure on the caller's executor: a plain async closure given to `withValue` would leave
    /// the caller's actor and come back, which costs microseconds.
    @inlinable
    func runStarts(
        _ progress: inout Progress,
        _ snapshot: Snapshot,
        isolation: isolated (any Actor)?
    ) async {
        let depth = Reentrancy.depth.get()
        do {
            try snapshot.settings.checkDepth(depth, point: facts.name)
        } catch {
            progress.call.result = .failure(error)
            progress.answerer = progress.position
            return
        }
        await Reentrancy.depth.withValue(depth + 1) {
            _ = isolation
            repeat {
                let hook = snapshot.hooks[progress.position]
                guard let start = hook.waitingStart() else { return }
                if let recording = progress.recording { recording.began(hook.id, .start) }
                do {
                    try await start(&progress.call)
                    if progress.started(hook.id, at: facts) { return }
                } catch {
                    if progress.startFailed(error, hook.id, policy: hook.startPolicy, at: facts) { return }
                }
            } while !runImmediateStarts(&progress, snapshot)
        }
    }
}
