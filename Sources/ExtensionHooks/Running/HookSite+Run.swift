extension HookSite {
    @usableFromInline typealias Snapshot = HookSnapshot<Arguments, Output>

    /// Calls through hooks: the start halves in order, the body unless somebody answered, the end halves in reverse.
    @inlinable
    func run(
        _ arguments: Arguments,
        through snapshot: Snapshot,
        noting note: ([HookError]) -> Void = { _ in },
        body: (Arguments) async throws -> Output
    ) async throws -> HookOutcome<Arguments, Output> {
        let recording = snapshot.isObserved ? snapshot.record(point.name) : nil
        var starts = Snapshot.Starts(arguments, recording: recording)
        if !snapshot.runStarts(&starts, at: point) {
            await runWaitingStarts(&starts, snapshot, isolation: #isolation)
        }
        if !snapshot.hasEnds, recording == nil {
            if let result = starts.call.result.take() {
                return HookOutcome(
                    output: try result.get(),
                    answeredBy: snapshot.source(starts.answerer),
                    arguments: starts.call.current
                )
            }
            return HookOutcome(
                output: try await body(starts.call.current),
                answeredBy: .body,
                arguments: starts.call.current
            )
        }
        let result: Result<Output, any Error>
        if let answer = starts.call.result {
            result = answer
        } else {
            recording?.bodyBegan()
            do {
                result = .success(try await body(starts.call.current))
            } catch {
                result = .failure(error)
            }
            recording?.bodyFinished()
        }
        var ends = Snapshot.Ends(
            of: snapshot.hooks.count,
            after: starts,
            result: result,
            answeredBy: snapshot.source(starts.answerer)
        )
        if snapshot.hasEnds { ends = await finish(starts, ends, snapshot, isolation: #isolation) }
        // The failure of an end half that ends the call carries the others.
        if !ends.resultIsEndFailure, !ends.call.failures.isEmpty { note(ends.call.failures) }
        return HookOutcome(
            output: try ends.complete().get(),
            answeredBy: ends.answeredBy,
            arguments: starts.call.current
        )
    }

    /// Runs the rest of the start halves, one level of re-entrancy deeper.
    ///
    /// `isolation` keeps the closure on the caller's executor: a plain async closure given to `withValue` would leave
    /// the caller's actor and come back, which costs microseconds.
    @inlinable
    func runWaitingStarts(
        _ starts: inout Snapshot.Starts,
        _ snapshot: Snapshot,
        isolation: isolated (any Actor)?
    ) async {
        let depth = Reentrancy.depth.get()
        do {
            try snapshot.settings.checkDepth(depth, point: point.name)
        } catch {
            starts.call.result = .failure(error)
            starts.answerer = starts.position
            return
        }
        await Reentrancy.depth.withValue(depth + 1) {
            _ = isolation
            repeat {
                let hook = snapshot.hooks[starts.position]
                guard let start = hook.waitingStart else { return }
                if let recording = starts.recording { recording.began(hook.id, .start) }
                do {
                    try await start(&starts.call)
                    if starts.started(hook.id, at: point) { return }
                } catch {
                    if starts.startFailed(error, hook.id, policy: hook.startPolicy, at: point) { return }
                }
            } while !snapshot.runStarts(&starts, at: point)
        }
    }

    /// Runs the end halves that are owed.
    @inlinable
    func finish(
        _ starts: Snapshot.Starts,
        _ ends: Snapshot.Ends,
        _ snapshot: Snapshot,
        isolation: isolated (any Actor)?
    ) async -> Snapshot.Ends {
        guard Task.isCancelled else {
            return await runEnds(after: starts, ends, snapshot, isolation: isolation)
        }
        // A task of its own is not cancelled with the caller's, whatever the end halves await or check.
        return await Task { await runEnds(after: starts, ends, snapshot, isolation: nil) }.value
    }

    @inlinable
    func runEnds(
        after starts: Snapshot.Starts,
        _ begun: Snapshot.Ends,
        _ snapshot: Snapshot,
        isolation: isolated (any Actor)?
    ) async -> Snapshot.Ends {
        var ends = begun
        while !snapshot.runEnds(&ends, after: starts, at: point) {
            ends.position -= 1
            let hook = snapshot.hooks[ends.position]
            guard case .suspending(let action)? = hook.end else { continue }
            ends.begin(hook.id)
            do {
                ends.call = try await shielded(ends.call, action, snapshot, isolation: isolation)
                ends.ended(hook.id)
            } catch {
                ends.failed(error, hook.id, policy: hook.endPolicy, point: point.name)
            }
        }
        return ends
    }

    /// Runs a closure that may wait out of reach of the caller's cancellation, one level of re-entrancy deeper.
    ///
    /// It starts at once on the caller's thread where the platform can do that, so that a closure which does not have
    /// to wait costs no hop.
    @inlinable
    func shielded(
        _ call: EndCall<Arguments, Output>,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) async throws -> Void,
        _ snapshot: Snapshot,
        isolation: isolated (any Actor)?
    ) async throws -> EndCall<Arguments, Output> {
        let depth = Reentrancy.depth.get()
        try snapshot.settings.checkDepth(depth, point: point.name)
        // The new task inherits the depth from where it is made, so that only its making needs the binding.
        let task = Reentrancy.depth.withValue(depth + 1) {
            if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
                return Task.immediate { try await Self.perform(action, call) }
            }
            return Task { try await Self.perform(action, call) }
        }
        return try await task.value
    }

    @inlinable
    static func perform(
        _ action: @Sendable (inout EndCall<Arguments, Output>) async throws -> Void,
        _ call: EndCall<Arguments, Output>
    ) async throws -> EndCall<Arguments, Output> {
        var call = call
        try await action(&call)
        return call
    }
}
