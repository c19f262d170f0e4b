/// How far the end phase of one call has come; shared by the asynchronous and the synchronous runner.
@usableFromInline
struct EndProgress<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline var call: EndCall<Arguments, Output>
    @usableFromInline var recording: CallRecording?

    /// The result before the present hook, restored if that throws.
    @usableFromInline var before: Result<Output, any Error>

    /// Whether the result is the failure of an end half rather than anything of the body or set by a hook.
    private var resultIsFatal = false

    @usableFromInline
    init(_ progress: CallProgress<Arguments, Output>, result: Result<Output, any Error>) {
        call = EndCall(
            arguments: progress.call.current,
            result: result,
            answeredBy: progress.answeredBy,
            rewrites: progress.rewrites,
            failures: progress.failures
        )
        recording = progress.recording
        before = result
    }

    @usableFromInline
    mutating func begin(_ id: HookID) {
        before = call.current
        call.isReplaced = false
        recording?.began(id, .end)
    }

    @usableFromInline
    mutating func ended(_ id: HookID) {
        recording?.finished(failure: nil)
        guard call.isReplaced else { return }
        resultIsFatal = false
        recording?.replaced(by: id)
    }

    /// Notes that an end half threw: whatever it did to the result is undone, and an error that is there already stays.
    @usableFromInline
    mutating func failed(_ error: any Error, _ id: HookID, policy: FailurePolicy, point: String) {
        let failure = HookError(point: point, hook: id, phase: .end, underlying: error)
        recording?.finished(failure: valueFreeDescription(of: error))
        call.current = before
        call.failures.append(failure)
        if policy.failsCall, case .success = call.current {
            call.current = .failure(failure)
            resultIsFatal = true
        }
    }

    /// The result for the caller. If it is the failure of an end half it carries the failures of the others.
    @usableFromInline
    func finalResult() -> Result<Output, any Error> {
        guard resultIsFatal, case .failure(var failure as HookError) = call.current else { return call.current }
        failure.others = call.failures.filter { $0.phase == .end && $0.hook != failure.hook }
        return .failure(failure)
    }
}
