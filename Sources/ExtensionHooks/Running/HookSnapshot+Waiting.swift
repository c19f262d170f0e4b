extension HookSnapshot {
    /// Calls through hooks: the start halves in order, the body unless somebody answered, the end halves in reverse.
    ///
    /// It makes the answer itself, so that it is the last call of its callers: a function that goes on after an `await`
    /// checks its executor there, which costs as much as a hook does.
    @inlinable
    func run<Shape: AnswerShape>(
        _ arguments: Arguments,
        as shape: Shape.Type,
        noting note: ([HookError]) -> Void = { _ in },
        body: (Arguments) async throws -> Output
    ) async throws -> Shape.Answer where Shape.Arguments == Arguments, Shape.Output == Output {
        var starts = Starts(arguments, recording: isObserved ? record() : nil)
        if !runStarts(&starts) { await runWaitingStarts(&starts, isolation: #isolation) }
        return try await conclude(&starts, as: shape, noting: note, body: body)
    }

    /// Runs the rest of the start halves, one level of re-entrancy deeper.
    ///
    /// `isolation` keeps the closure on the caller's executor: a plain async closure given to `withValue` would leave
    /// the caller's actor and come back, which costs microseconds. Everything is inlined, since each asynchronous
    /// function and each check of the executor on the way costs as much as a hook.
    @inlinable
    @inline(__always)
    func runWaitingStarts(_ starts: inout Starts, isolation: isolated (any Actor)?) async {
        let level = Reentrancy.depth
        let depth = level.get()
        do {
            try settings.checkDepth(depth, point: point.name)
        } catch {
            starts.call.result = .failure(error)
            starts.answerer = starts.position
            return
        }
        @inline(__always)
        func runWaiting() async {
            _ = isolation
            repeat {
                let hook = hooks[starts.position]
                guard let start = hook.waitingStart else { return }
                if let recording = starts.recording { recording.began(hook.id, .start) }
                do {
                    try await start(&starts.call)
                    if starts.started(hook, at: self) { return }
                } catch {
                    if starts.startFailed(error, hook.id, policy: hook.startPolicy, at: point) { return }
                }
            } while nextWaits(starts.position) || !runStarts(&starts)
        }
        await level.withValue(depth + 1, operation: runWaiting, isolation: isolation)
    }

    /// Runs the body unless somebody answered, and the end halves.
    @inlinable
    @inline(__always)
    func conclude<Shape: AnswerShape>(
        _ starts: inout Starts,
        as shape: Shape.Type,
        noting note: ([HookError]) -> Void,
        body: (Arguments) async throws -> Output
    ) async throws -> Shape.Answer where Shape.Arguments == Arguments, Shape.Output == Output {
        let recording = starts.recording
        if !hasEnds, recording == nil {
            if let result = starts.call.result.take() {
                return Shape.answer(try result.get(), by: source(starts.answerer), to: starts.call.current)
            }
            return Shape.answer(try await body(starts.call.current), by: .body, to: starts.call.current)
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
        var ends = Ends(of: hooks.count, after: starts, result: result, answeredBy: source(starts.answerer))
        if hasWaitingEnds || hasEnds && Task.isCancelled {
            ends = await finish(starts, ends, isolation: #isolation)
        } else if hasEnds {
            _ = runEnds(&ends, after: starts)
        }
        // The failure of an end half that ends the call carries the others.
        if !ends.resultIsEndFailure, !ends.call.failures.isEmpty { note(ends.call.failures) }
        return Shape.answer(try ends.complete().get(), by: ends.answeredBy, to: starts.call.current)
    }

    /// Whether the next start half waits in each call, so that the loop over those that do not can be left out.
    @inlinable
    func nextWaits(_ position: Int) -> Bool {
        position < hooks.count && hooks[position].alwaysWaits
    }

    /// Runs the end halves that are owed.
    @inlinable
    @inline(__always)
    func finish(
        _ starts: Starts,
        _ ends: Ends,
        isolation: isolated (any Actor)?
    ) async -> Ends {
        guard Task.isCancelled else {
            return await runEnds(after: starts, ends, isolation: isolation)
        }
        // A task of its own is not cancelled with the caller's, whatever the end halves await or check.
        return await Task { await runEnds(after: starts, ends, isolation: nil) }.value
    }

    @inlinable
    @inline(__always)
    func runEnds(
        after starts: Starts,
        _ begun: Ends,
        isolation: isolated (any Actor)?
    ) async -> Ends {
        var ends = begun
        while !runEnds(&ends, after: starts) {
            ends.position -= 1
            let hook = hooks[ends.position]
            guard case .waiting(let action)? = hook.end else { continue }
            ends.begin(hook.id)
            do {
                let replacement = try await shielded(ends.call, action, isolation: isolation)
                if let replacement { ends.call.result = replacement }
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
    @inline(__always)
    func shielded(
        _ call: EndCall<Arguments, Output>,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) async throws -> Void,
        isolation: isolated (any Actor)?
    ) async throws -> Result<Output, any Error>? {
        let level = Reentrancy.depth
        let depth = level.get()
        try settings.checkDepth(depth, point: point.name)
        // The new task inherits the depth from where it is made, so that only its making needs the binding.
        let task = level.withValue(depth + 1) {
            if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
                return Task.immediate { try await Self.replacement(by: action, of: call) }
            }
            return Task { try await Self.replacement(by: action, of: call) }
        }
        return try await task.value
    }

    /// What a closure puts in the place of the result; nil if it leaves that as it is.
    @inlinable
    static func replacement(
        by action: @Sendable (inout EndCall<Arguments, Output>) async throws -> Void,
        of call: EndCall<Arguments, Output>
    ) async throws -> Result<Output, any Error>? {
        var call = call
        try await action(&call)
        return call.isReplaced ? call.current : nil
    }
}
