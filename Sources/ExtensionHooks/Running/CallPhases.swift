/// How far one call through hooks has come; shared by the asynchronous and the synchronous runner.
@usableFromInline
struct StartPhase<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline var call: StartCall<Arguments, Output>

    /// Where the start phase stands: the hooks before this position have been passed.
    @usableFromInline var position = 0

    /// The position of the hook that answered or failed the call; -1 while none has.
    @usableFromInline var answerer = -1

    @usableFromInline var diagnostics = BoxedDiagnostics.empty

    /// Kept only while somebody observes.
    @usableFromInline let recording: CallRecording?

    @inlinable
    init(_ arguments: Arguments, recording: CallRecording?) {
        call = StartCall(arguments: arguments)
        self.recording = recording
    }

    /// Notes that a start half returned; true if the start phase is over because somebody answered.
    @inlinable
    mutating func started(
        _ hook: Hook<Arguments, Output>,
        at snapshot: HookSnapshot<Arguments, Output>
    ) -> Bool {
        if call.previous != nil { noteRewrite(by: hook, at: snapshot) }
        if let recording { recording.finished(failure: nil) }
        if call.result != nil { answerer = position }
        position += 1
        return answerer >= 0
    }

    /// Passes a hook that its filter excludes; its end is not owed.
    @inlinable
    mutating func passExcluded(isPaired: Bool) {
        if isPaired { skip() } else { position += 1 }
    }

    @usableFromInline
    mutating func skip() {
        diagnostics.value.skipped.append(position)
        position += 1
    }

    @usableFromInline
    mutating func noteRewrite(
        by hook: Hook<Arguments, Output>,
        at snapshot: HookSnapshot<Arguments, Output>
    ) {
        guard let previous = call.previous else { return }
        let point = snapshot.point
        call.previous = nil
        let changes = point.describeRewrite?(previous, call.current) ?? []
        // A hook may take write access without changing anything that the point can name.
        if changes.isEmpty, point.describeRewrite != nil { return }
        diagnostics.value.rewrites.append(HookRewrite(hook: hook.id, changes: changes))
    }

    /// Notes that a start half threw; true if the start phase is over because of it.
    ///
    /// What the hook changed before it threw is undone.
    @usableFromInline
    mutating func startFailed(
        _ error: any Error,
        _ id: HookID,
        policy: FailurePolicy,
        at point: PointDescriptor<Arguments>
    ) -> Bool {
        let failure = HookError(point: point.name, hook: id, phase: .start, underlying: error)
        recording?.finished(failure: valueFreeDescription(of: error))
        if let previous = call.previous {
            call.current = previous
            call.previous = nil
        }
        if error is CancellationError, Task.isCancelled {
            // The caller gave up; that is not the hook's failure, and no policy makes the call go on.
            call.result = .failure(error)
            answerer = position
            return true
        }
        if policy.failsCall, point.onStartFailure?(&call.current, id, error) != true {
            // A recursion comes up through every level; wrapping it in each would bury it.
            call.result = .failure(error is HookRecursionError ? error : failure)
            answerer = position
            return true
        }
        call.result = nil
        diagnostics.value.failures.append(failure)
        skip()
        return false
    }

    /// Whether the end half of a hook with a start half is owed: if that returned.
    @inlinable
    func owesEnd(at position: Int) -> Bool {
        // The position moves past a hook exactly when its start half returned or was skipped.
        guard position < self.position else { return false }
        if case .empty = diagnostics { return true }
        return !diagnostics.value.skipped.contains(position)
    }
}

/// What rarely happens in a call: rewrites and failures that did not end it.
@usableFromInline
struct CallDiagnostics: Sendable {
    /// The positions of hooks whose start half was excluded by a filter, or threw and was skipped.
    @usableFromInline var skipped: [Int] = []
    @usableFromInline var rewrites: [HookRewrite] = []
    @usableFromInline var failures: [HookError] = []

    @usableFromInline
    init() {}
}

/// Keeps ``CallDiagnostics`` out of line, so that the many calls without any carry one empty word.
@usableFromInline
enum BoxedDiagnostics: Sendable {
    case empty
    indirect case some(CallDiagnostics)

    @usableFromInline var value: CallDiagnostics {
        get {
            switch self {
            case .empty: CallDiagnostics()
            case .some(let diagnostics): diagnostics
            }
        }
        set { self = .some(newValue) }
    }
}

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

/// What a call gives: its output, or also who gave it.
@usableFromInline
protocol AnswerShape<Arguments, Output> {
    associatedtype Arguments: Sendable
    associatedtype Output: Sendable
    associatedtype Answer

    static func answer(_ output: Output, by source: @autoclosure () -> CallSource, to arguments: Arguments) -> Answer
}

/// The output alone, for most callers.
@usableFromInline
enum OutputOnly<Arguments: Sendable, Output: Sendable>: AnswerShape {
    @inlinable
    static func answer(_ output: Output, by source: @autoclosure () -> CallSource, to arguments: Arguments) -> Output {
        output
    }
}

/// The output with who gave it and the arguments in the end.
@usableFromInline
enum WithSource<Arguments: Sendable, Output: Sendable>: AnswerShape {
    @inlinable
    static func answer(
        _ output: Output,
        by source: @autoclosure () -> CallSource,
        to arguments: Arguments
    ) -> HookOutcome<Arguments, Output> {
        HookOutcome(output: output, answeredBy: source(), arguments: arguments)
    }
}
