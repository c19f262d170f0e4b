/// How far one call through hooks has come; shared by the asynchronous and the synchronous runner.
@usableFromInline
struct CallProgress<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline var call: StartCall<Arguments, Output>

    /// Where the start phase stands: the hooks before this position have been passed.
    @usableFromInline var position = 0

    /// The position of the hook that answered or failed the call; -1 while none has.
    @usableFromInline var answerer = -1

    @usableFromInline var notes = BoxedNotes.empty

    /// Kept only while somebody observes.
    @usableFromInline let recording: CallRecording?

    @inlinable
    init(_ arguments: Arguments, recording: CallRecording?) {
        call = StartCall(arguments: arguments)
        self.recording = recording
    }

    /// Notes that a start half returned; true if the start phase is over because somebody answered.
    @inlinable
    mutating func started(_ id: HookID, at point: PointFacts<Arguments>) -> Bool {
        if call.previous != nil { noteRewrite(by: id, at: point) }
        if let recording { recording.finished(failure: nil) }
        if call.result != nil { answerer = position }
        position += 1
        return answerer >= 0
    }

    @usableFromInline
    mutating func noteRewrite(by id: HookID, at point: PointFacts<Arguments>) {
        guard let previous = call.previous else { return }
        call.previous = nil
        let changes = point.describeRewrite?(previous, call.current) ?? []
        // A hook may take write access without changing anything that the point can name.
        if changes.isEmpty, point.describeRewrite != nil { return }
        notes.value.rewrites.append(HookRewrite(hook: id, changes: changes))
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
        if error is CancellationError, Task.isCancelled {
            // The caller gave up; that is not the hook's failure, and no policy makes the call go on.
            call.result = .failure(error)
            answerer = position
            return true
        }
        if policy.failsCall {
            // A recursion comes up through every level; wrapping it in each would bury it.
            call.result = .failure(error is HookRecursionError ? error : failure)
            answerer = position
            return true
        }
        call.result = nil
        notes.value.failures.append(failure)
        notes.value.skipped.append(position)
        position += 1
        return false
    }

    /// Whether the end half of the hook at a position is owed: always if it has no start half, otherwise if that
    /// returned.
    @inlinable
    func owesEnd(at position: Int, isPaired: Bool) -> Bool {
        guard isPaired else { return true }
        // The position moves past a hook exactly when its start half returned or was skipped.
        guard position < self.position else { return false }
        if case .empty = notes { return true }
        return !notes.value.skipped.contains(position)
    }
}
