/// How far the end phase of one call has come; shared by the asynchronous and the synchronous runner.
@usableFromInline
struct EndPhase<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline var call: EndCall<Arguments, Output>

    /// The hooks from this position on have been passed.
    @usableFromInline var position: Int

    /// The result before the present hook, restored if that throws.
    @usableFromInline var before: Result<Output, any Error>

    /// Whether the result is the failure of an end half rather than anything of the body or set by a hook.
    @usableFromInline var resultIsEndFailure = false

    /// The last end half that replaced the result.
    @usableFromInline var replacer: HookID?

    @usableFromInline let recording: CallRecording?

    @inlinable
    init(
        of count: Int,
        after start: StartPhase<Arguments, Output>,
        result: Result<Output, any Error>,
        answeredBy: CallSource
    ) {
        let diagnostics = start.diagnostics.value
        call = EndCall(
            arguments: start.call.current,
            result: result,
            answeredBy: answeredBy,
            rewrites: diagnostics.rewrites,
            failures: diagnostics.failures
        )
        recording = start.recording
        position = count
        before = result
    }

    @inlinable
    mutating func begin(_ id: HookID) {
        before = call.current
        call.isReplaced = false
        if let recording { recording.began(id, .end) }
    }

    @inlinable
    mutating func ended(_ id: HookID) {
        if let recording { recording.finished(failure: nil) }
        guard call.isReplaced else { return }
        resultIsEndFailure = false
        replacer = id
        recording?.replaced(by: id)
    }

    /// Notes that an end half threw: whatever it did to the result is undone, and an error that is there already stays.
    @usableFromInline
    mutating func failed(_ error: any Error, _ id: HookID, policy: FailurePolicy, point: String) {
        let failure = HookError(point: point, hook: id, phase: .end, underlying: error)
        recording?.finished(failure: valueFreeDescription(of: error))
        call.current = before
        call.collected.append(failure)
        if policy.failsCall, case .success = call.current {
            // A recursion comes up through every level; wrapping it in each would bury it.
            let isRecursion = error is HookRecursionError
            call.current = .failure(isRecursion ? error : failure)
            resultIsEndFailure = !isRecursion
        }
    }

    /// Whose output the caller gets.
    @inlinable var answeredBy: CallSource { replacer.map { .hook($0) } ?? call.answeredBy }

    /// Completes the record, and the result for the caller.
    ///
    /// If the result is the failure of an end half it carries the failures of the others.
    @inlinable
    func complete() -> Result<Output, any Error> {
        let final = resultIsEndFailure ? endFailure() : call.current
        if let recording {
            recording.publish(answeredBy: call.answeredBy, rewrites: call.rewrites, error: final.failure)
        }
        return final
    }

    @usableFromInline
    func endFailure() -> Result<Output, any Error> {
        guard case .failure(var failure as HookError) = call.current else { return call.current }
        failure.others = call.failures.filter { $0.phase == .end && $0.hook != failure.hook }
        return .failure(failure)
    }
}

extension Result where Failure == any Error {
    @usableFromInline var failure: (any Error)? {
        if case .failure(let error) = self { error } else { nil }
    }
}
