extension HookSite {
    @usableFromInline typealias Progress = CallProgress<Arguments, Output>
    @usableFromInline typealias Snapshot = HookSnapshot<AsyncHook<Arguments, Output>>

    /// The way through the hooks: the start halves in order, the body unless somebody answered, the end halves in
    /// reverse. Two loops rather than nested closures, so that nothing can be called twice or left out.
    @inlinable
    func run(
        _ arguments: Arguments,
        through snapshot: Snapshot,
        body: (Arguments) async throws -> Output
    ) async throws -> Output {
        var progress = Progress(arguments)
        if !snapshot.observers.isEmpty { record(&progress, snapshot) }
        if !runImmediateStarts(&progress, snapshot) {
            await runStarts(&progress, snapshot, isolation: #isolation)
        }
        if !snapshot.hasEnds, progress.recording == nil {
            if let result = progress.call.result { return try result.get() }
            return try await body(progress.call.current)
        }
        let result: Result<Output, any Error>
        if let answer = progress.call.result {
            result = answer
        } else {
            progress.recording?.bodyBegan()
            do {
                result = .success(try await body(progress.call.current))
            } catch {
                result = .failure(error)
            }
            progress.recording?.bodyFinished()
        }
        return try await finish(progress, result, snapshot)
    }

    @usableFromInline
    func record(_ progress: inout Progress, _ snapshot: Snapshot) {
        progress.recording = CallRecording(
            point: facts.name,
            depth: Reentrancy.depth.get(),
            observers: snapshot.observers,
            settings: snapshot.settings
        )
    }

    /// Runs start halves up to the first that may wait.
    ///
    /// - Returns: Whether the start phase is over.
    @inlinable
    func runImmediateStarts(_ progress: inout Progress, _ snapshot: Snapshot) -> Bool {
        while progress.index < snapshot.hooks.count {
            let hook = snapshot.hooks[progress.index]
            switch hook.start {
            case nil: progress.index += 1
            case .suspending: return false
            case .immediate(let start):
                progress.recording?.began(hook.id, .start)
                do {
                    try start(&progress.call)
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
            return
        }
        await Reentrancy.depth.withValue(depth + 1) {
            _ = isolation
            while !runImmediateStarts(&progress, snapshot) {
                let hook = snapshot.hooks[progress.index]
                guard case .suspending(let start) = hook.start else { continue }
                progress.recording?.began(hook.id, .start)
                do {
                    try await start(&progress.call)
                    if progress.started(hook.id, at: facts) { return }
                } catch {
                    if progress.startFailed(error, hook.id, policy: hook.startPolicy, at: facts) { return }
                }
            }
        }
    }
}
