/// A call without waiting came to a hook that would have to wait.
///
/// Hooks that ran before it see this as the outcome of the call.
public struct HookWouldWait: ValueFreeError {
    /// The hook that would have to wait.
    public let hook: HookID

    @usableFromInline
    init(hook: HookID) {
        self.hook = hook
    }
}

extension HookWouldWait: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { "hook '\(hook)' would have to wait" }
}

extension HookSite {
    /// Calls the point if that takes no waiting.
    ///
    /// The hooks run as ever, those that deny and rewrite included, up to the first that would have to wait. If there is
    /// one, the end halves that are owed see ``HookWouldWait``, and nobody is answered. If an end hook may wait, nothing
    /// runs at all.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - body: What happens when no start hook answers; it cannot wait.
    /// - Returns: The output, who set it, and the arguments in the end; nil if a hook would have to wait.
    /// - Throws: As ``callAsFunction(_:body:)``.
    @inlinable
    public func callWithoutWaiting(
        _ arguments: Arguments,
        body: (Arguments) throws -> Output
    ) throws -> HookOutcome<Arguments, Output>? {
        guard let snapshot = slot.current else {
            return HookOutcome(output: try body(arguments), answeredBy: .body, arguments: arguments)
        }
        if snapshot.hooks.contains(where: { $0.end?.mayWait == true }) { return nil }
        // Unlike a call with `await`, a hook that cannot wait can make this one, of its own point too.
        let depth = Reentrancy.depth.get()
        try snapshot.settings.checkDepth(depth, point: facts.name)
        let recording = snapshot.isObserved ? snapshot.record(facts.name) : nil
        var progress = Progress(arguments, recording: recording)
        let result: Result<Output, any Error>
        var waiting: HookWouldWait?
        if !Reentrancy.depth.withValue(depth + 1, operation: { runImmediateStarts(&progress, snapshot) }) {
            let refusal = HookWouldWait(hook: snapshot.hooks[progress.position].id)
            waiting = refusal
            // It ended the call; the body did not run.
            progress.answerer = progress.position
            result = .failure(refusal)
        } else if let answer = progress.call.result {
            result = answer
        } else {
            recording?.bodyBegan()
            result = Result { try body(progress.call.current) }
            recording?.bodyFinished()
        }
        var ending = Ending(progress, result: result, answeredBy: snapshot.source(progress.answerer))
        if snapshot.hasEnds {
            Reentrancy.depth.withValue(depth + 1) { runImmediateEnds(of: progress, &ending, snapshot) }
        }
        let final = ending.complete()
        // An end half may recover from errors, but it cannot know what the hook would have said.
        if waiting != nil { return nil }
        return HookOutcome(
            output: try final.get(),
            answeredBy: ending.answeredBy,
            arguments: progress.call.current
        )
    }

    @inlinable
    func runImmediateEnds(of progress: Progress, _ ending: inout Ending, _ snapshot: Snapshot) {
        for position in snapshot.hooks.indices.reversed() {
            let hook = snapshot.hooks[position]
            guard case .immediate(let end) = hook.end, progress.owesEnd(at: position, isPaired: hook.start != nil)
            else { continue }
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
