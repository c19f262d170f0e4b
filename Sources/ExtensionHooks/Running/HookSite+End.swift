extension HookSite {
    @usableFromInline typealias Ending = EndProgress<Arguments, Output>

    /// Runs the end halves and gives the caller what they left.
    @usableFromInline
    func finish(
        _ progress: Progress,
        _ result: Result<Output, any Error>,
        _ snapshot: Snapshot
    ) async throws -> Output {
        var ending = Ending(progress, result: result)
        if snapshot.hasEnds {
            if Task.isCancelled {
                // A task of its own is not cancelled with the caller's, whatever the end halves await or check.
                let cancelled = ending
                ending = await Task { await runEnds(of: progress, cancelled, snapshot, isolation: nil) }.value
            } else {
                ending = await runEnds(of: progress, ending, snapshot, isolation: #isolation)
            }
        }
        let final = ending.finalResult()
        if let recording = ending.recording {
            recording.publish(
                answeredBy: progress.answeredBy,
                rewrites: progress.rewrites,
                error: final.failure
            )
        }
        return try final.get()
    }

    private func runEnds(
        of progress: Progress,
        _ start: Ending,
        _ snapshot: Snapshot,
        isolation: isolated (any Actor)?
    ) async -> Ending {
        var ending = start
        let depth = Reentrancy.depth.get()
        for position in snapshot.hooks.indices.reversed() {
            let hook = snapshot.hooks[position]
            guard let end = hook.end, progress.owesEnd(at: position, isPaired: hook.start != nil) else { continue }
            ending.begin(hook.id)
            do {
                switch end {
                case .immediate(let action):
                    try action(&ending.call)
                case .suspending(let action):
                    try snapshot.settings.checkDepth(depth, point: facts.name)
                    let call = ending.call
                    ending.call = try await Reentrancy.depth.withValue(depth + 1) {
                        try await Self.shielded(call, action, isolation: isolation)
                    }
                }
                ending.ended(hook.id)
            } catch {
                ending.failed(error, hook.id, policy: hook.endPolicy, point: facts.name)
            }
        }
        return ending
    }

    /// Runs a closure that may wait out of reach of the caller's cancellation.
    ///
    /// It starts at once on the caller's thread where the platform can do that, so that a closure which does not have
    /// to wait costs no hop.
    private static func shielded(
        _ call: EndCall<Arguments, Output>,
        _ action: @escaping @Sendable (inout EndCall<Arguments, Output>) async throws -> Void,
        isolation: isolated (any Actor)?
    ) async throws -> EndCall<Arguments, Output> {
        if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            return try await Task.immediate { try await Self.run(action, on: call) }.value
        }
        return try await Task { try await Self.run(action, on: call) }.value
    }

    private static func run(
        _ action: @Sendable (inout EndCall<Arguments, Output>) async throws -> Void,
        on call: EndCall<Arguments, Output>
    ) async throws -> EndCall<Arguments, Output> {
        var call = call
        try await action(&call)
        return call
    }
}

extension Result where Failure == any Error {
    var failure: (any Error)? {
        if case .failure(let error) = self { error } else { nil }
    }
}
