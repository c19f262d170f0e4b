extension HookSite {
    @usableFromInline typealias Ending = EndProgress<Arguments, Output>

    /// Runs the end halves that are owed.
    @inlinable
    func finish(
        _ progress: Progress,
        _ ending: Ending,
        _ snapshot: Snapshot,
        isolation: isolated (any Actor)?
    ) async -> Ending {
        guard snapshot.hasEnds else { return ending }
        guard Task.isCancelled else {
            return await runEnds(of: progress, ending, snapshot, isolation: isolation)
        }
        // A task of its own is not cancelled with the caller's, whatever the end halves await or check.
        return await Task { await runEnds(of: progress, ending, snapshot, isolation: nil) }.value
    }

    @inlinable
    func runEnds(
        of progress: Progress,
        _ start: Ending,
        _ snapshot: Snapshot,
        isolation: isolated (any Actor)?
    ) async -> Ending {
        var ending = start
        var position = snapshot.hooks.count
        while position > 0 {
            position -= 1
            let hook = snapshot.hooks[position]
            guard let end = hook.end, progress.owesEnd(at: position, isPaired: hook.start != nil) else { continue }
            ending.begin(hook.id)
            do {
                switch end {
                case .immediate(let action): try action(&ending.call)
                case .attempting: break
                case .suspending(let action):
                    ending.call = try await shielded(ending.call, action, snapshot, isolation: isolation)
                }
                ending.ended(hook.id)
            } catch {
                ending.failed(error, hook.id, policy: hook.endPolicy, point: facts.name)
            }
        }
        return ending
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
        try snapshot.settings.checkDepth(depth, point: facts.name)
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
