extension SynchronousHookSite {
    @usableFromInline typealias Progress = CallProgress<Arguments, Output>
    @usableFromInline typealias Ending = EndProgress<Arguments, Output>
    @usableFromInline typealias Snapshot = HookSnapshot<SynchronousHook<Arguments, Output>>

    @usableFromInline
    func run(
        _ arguments: Arguments,
        through snapshot: Snapshot,
        body: (Arguments) throws -> Output
    ) throws -> Output {
        let depth = Reentrancy.depth.get()
        try snapshot.settings.checkDepth(depth, point: facts.name)
        var progress = Progress(arguments, recording: facts.isObserved ? snapshot.record(facts.name) : nil)
        Reentrancy.depth.withValue(depth + 1) { runStarts(&progress, snapshot) }
        let result: Result<Output, any Error>
        if let answer = progress.call.result {
            result = answer
        } else {
            progress.recording?.bodyBegan()
            result = Result { try body(progress.call.current) }
            progress.recording?.bodyFinished()
        }
        var ending = Ending(progress, result: result, answeredBy: snapshot.source(progress.answerer))
        if snapshot.hasEnds {
            Reentrancy.depth.withValue(depth + 1) { runEnds(of: progress, &ending, snapshot) }
        }
        return try ending.complete().get()
    }

    private func runStarts(_ progress: inout Progress, _ snapshot: Snapshot) {
        while progress.position < snapshot.hooks.count {
            let hook = snapshot.hooks[progress.position]
            guard let start = hook.start else {
                progress.position += 1
                continue
            }
            progress.recording?.began(hook.id, .start)
            do {
                try start(&progress.call)
                if progress.started(hook.id, at: facts) { return }
            } catch {
                if progress.startFailed(error, hook.id, policy: hook.startPolicy, at: facts) { return }
            }
        }
    }

    private func runEnds(of progress: Progress, _ ending: inout Ending, _ snapshot: Snapshot) {
        for position in snapshot.hooks.indices.reversed() {
            let hook = snapshot.hooks[position]
            guard let end = hook.end, progress.owesEnd(at: position, isPaired: hook.start != nil) else { continue }
            ending.begin(hook.id)
            do {
                try end(&ending.call)
                ending.ended(hook.id)
            } catch {
                ending.failed(error, hook.id, policy: hook.endPolicy, point: facts.name)
            }
        }
    }
}
