/// How far one call through hooks has come; shared by the asynchronous and the synchronous runner.
@usableFromInline
struct CallProgress<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline var call: StartCall<Arguments, Output>

    /// Where the start phase stands: the hooks before this index have been passed.
    @usableFromInline var index = 0

    /// Of the passed hooks those whose start half threw and was skipped.
    @usableFromInline var skipped: [Int] = []

    @usableFromInline var answeredBy = CallSource.body
    @usableFromInline var rewrites: [HookRewrite] = []
    @usableFromInline var failures: [HookError] = []
    @usableFromInline var recording: CallRecording?

    @inlinable
    init(_ arguments: Arguments) {
        call = StartCall(arguments: arguments)
    }

    /// Notes that a start half returned; true if the start phase is over because somebody answered.
    @inlinable
    mutating func started(_ id: HookID, at point: PointFacts<Arguments>) -> Bool {
        index += 1
        if call.previous != nil { noteRewrite(by: id, at: point) }
        if recording != nil { recording?.finished(failure: nil) }
        guard call.result != nil else { return false }
        answeredBy = .hook(id)
        return true
    }

    @usableFromInline
    mutating func noteRewrite(by id: HookID, at point: PointFacts<Arguments>) {
        guard let previous = call.previous else { return }
        call.previous = nil
        let changes = point.describeRewrite?(previous, call.current) ?? []
        // A hook may have read through a mutating access without changing anything that the point can name.
        if changes.isEmpty, point.describeRewrite != nil { return }
        rewrites.append(HookRewrite(hook: id, changes: changes))
    }

    /// Notes that a start half threw; true if the start phase is over because of it.
    ///
    /// What the hook changed before it threw is undone.
    @usableFromInline
    mutating func startFailed(
        _ error: any Error,
        _ id: HookID,
        policy: FailurePolicy,
        at point: PointFacts<Arguments>
    ) -> Bool {
        let failure = HookError(point: point.name, hook: id, phase: .start, underlying: error)
        recording?.finished(failure: valueFreeDescription(of: error))
        if let previous = call.previous {
            call.current = previous
            call.previous = nil
        }
        if policy.failsCall {
            // A recursion comes up through every level; wrapping it in each would bury it.
            call.result = .failure(error is HookRecursionError ? error : failure)
            answeredBy = .hook(id)
            return true
        }
        call.result = nil
        failures.append(failure)
        skipped.append(index)
        index += 1
        return false
    }

    /// Whether the end half of the hook at `position` is owed.
    @inlinable
    func owesEnd(at position: Int, isPaired: Bool) -> Bool {
        !isPaired || (position < index && !skipped.contains(position))
    }
}
