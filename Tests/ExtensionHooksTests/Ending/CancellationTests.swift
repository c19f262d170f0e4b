import ExtensionHooks
import Testing

/// A cancelled caller does not cut the work of end hooks short.
struct CancellationTests {
    let registry = HookRegistry()
    let point = HookPoint<Int, Int>("cancelled")

    @Test func cancellingWhileTheBodyRunsReachesTheBodyOnly() async throws {
        let entered = Gate()
        let seen = Log<String>()
        let function = Extensible(point, in: registry) { argument in
            entered.open()
            try await untilCancelled()
            return argument
        }
        try registry.register { hooks in
            hooks.onEnd(point, id: "immediate") { _ in seen.add("immediate \(Task.isCancelled)") }
            hooks.onEnd(point, id: "suspending") { _ in
                await Task.yield()
                try Task.checkCancellation()
                seen.add("suspending \(Task.isCancelled)")
            }
            hooks.onStart(point, id: "pair") { _ in
                await Task.yield()
            } end: { _ in
                await Task.yield()
                seen.add("pair \(Task.isCancelled)")
            }
        }
        let task = Task { try await function(1) }
        await entered.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(seen.entries == ["suspending false", "pair false", "immediate false"])
    }

    @Test func cancellingWhileAnEndHookIsSuspendedDoesNotReachIt() async throws {
        let entered = Gate()
        let cancelled = Gate()
        let seen = Log<Bool>()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onEnd(point, id: "inner") { call in
                entered.open()
                await cancelled.wait()
                seen.add(Task.isCancelled)
                try Task.checkCancellation()
                call.result = call.result.map { $0 + 1 }
            }
            hooks.onEnd(point, id: "a-outer") { call in
                await Task.yield()
                seen.add(Task.isCancelled)
                call.result = call.result.map { $0 * 10 }
            }
        }
        let task = Task { try await function(1) }
        await entered.wait()
        task.cancel()
        cancelled.open()
        #expect(try await task.value == 20)
        #expect(seen.entries == [false, false])
    }

    /// The caller's cancellation is nobody's failure: it comes out as it is, and no policy makes the call go on.
    @Test(arguments: [FailurePolicy.fail, .continue])
    func cancellingWhileAStartHookWaitsReachesTheStartHook(policy: FailurePolicy) async throws {
        let entered = Gate()
        let ends = Log<String>()
        let function = Extensible(point, in: registry) { argument in
            Issue.record("the body must not run")
            return argument
        }
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { _ in
                await Task.yield()
            } end: { _ in
                await Task.yield()
                ends.add("a \(Task.isCancelled)")
            }
            hooks.onStart(point, id: "b", onFailure: policy) { _ in
                entered.open()
                try await untilCancelled()
            } end: { _ in
                await Task.yield()
                ends.add("b")
            }
        }
        let task = Task { try await function(1) }
        await entered.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ends.entries == ["a false"])
    }

    @Test func aCallInACancelledTaskStillRunsItsEndHooks() async throws {
        let ends = Log<Bool>()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in hooks.onEnd(point, id: "a") { _ in ends.add(Task.isCancelled) } }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await function(1)
        }
        #expect(try await task.value == 1)
        #expect(ends.entries == [false])
    }

    @Test func theRecordSaysThatTheCallWasCancelled() async throws {
        let records = Log<CallRecord>()
        try registry.register { hooks in hooks.observe { records.add($0) } }
        let function = Extensible(point, in: registry) { _ in throw CancellationError() }
        await #expect(throws: CancellationError.self) { try await function(1) }
        #expect(records.entries.map(\.isCancelled) == [true])
    }
}

/// Waits for the cancellation of the present task and throws it.
func untilCancelled() async throws {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    // A stream ends when its reader's task is cancelled; the continuation is held so that nothing else ends it.
    for await _ in stream {}
    withExtendedLifetime(continuation) {}
    try Task.checkCancellation()
}
