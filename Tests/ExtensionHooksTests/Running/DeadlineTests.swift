import ExtensionHooks
import KeyHooksTesting
import Testing

struct DeadlineTests {
    let clock = ManualClock()
    let point = HookPoint<Int, Int>("slow")

    @Test func aStartHookThatIsTooSlowIsCancelledAndFailsTheCall() async throws {
        let registry = HookRegistry(clock: clock)
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "a", deadline: .seconds(5)) { _ in try await untilCancelled() }
        }
        let task = Task { try await function(1) }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(4))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .seconds(1))
        let error = try #require(await task.result.hookError)
        #expect(error.hook == "a")
        #expect((error.underlying as? HookDeadlineExceeded)?.deadline == .seconds(5))
        #expect(error.description.contains("did not return within its deadline"))
    }

    @Test func underContinueWhatTheSlowHookDidIsUndone() async throws {
        let registry = HookRegistry(clock: clock)
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "a", onFailure: .continue, deadline: .seconds(5)) { call in
                call.arguments = 99
                try await untilCancelled()
            }
        }
        let task = Task { try await function(1) }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(5))
        #expect(try await task.value == 1)
    }

    @Test func aHookThatIsInTimeKeepsItsChangesAndLeavesNoSleeper() async throws {
        let registry = HookRegistry(clock: clock)
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "a", deadline: .seconds(5)) { call in
                await clock.someoneSleeps()
                call.arguments += 1
            } end: { call in
                await clock.someoneSleeps()
                call.result = call.result.map { $0 * 10 }
            }
        }
        #expect(try await function(1) == 20)
        #expect(clock.sleeperCount == 0)
    }

    @Test func theDeadlineIsCooperative() async throws {
        let registry = HookRegistry(clock: clock)
        let release = Gate()
        let done = Log<String>()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "a", onFailure: .continue, deadline: .seconds(5)) { call in
                await release.wait()
                done.add("waited for")
                call.result = .success(99)
            }
        }
        let task = Task {
            let output = try await function(1)
            done.add("returned")
            return output
        }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(5))
        release.open()
        #expect(try await task.value == 1)
        #expect(done.entries == ["waited for", "returned"])
    }

    @Test func anEndHookThatIsTooSlowIsRecordedAndTheAnswerStays() async throws {
        let registry = HookRegistry(clock: clock)
        let records = Log<CallRecord>()
        try registry.register { hooks in hooks.observe { records.add($0) } }
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onEnd(point, id: "a", deadline: .seconds(5)) { _ in try await untilCancelled() }
        }
        let task = Task { try await function(1) }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(5))
        #expect(try await task.value == 1)
        let run = try #require(records.entries.first?.hooks.first)
        #expect(run.failure == "it did not return within its deadline of 5.0 seconds")
        #expect(run.duration == .seconds(5))
    }

    @Test func cancellingTheCallerDoesNotMakeAHookFailThatReturnsInTime() async throws {
        // The timer is cancelled with the caller as well; that must not count as the hook's failure.
        let registry = HookRegistry(clock: clock)
        let cancelled = Gate()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "a", deadline: .seconds(5)) { call in
                await cancelled.wait()
                call.arguments += 1
            }
        }
        let task = Task { try await function(1) }
        await clock.someoneSleeps()
        task.cancel()
        // The timer has ended by now and only the hook is left.
        while clock.sleeperCount > 0 { await Task.yield() }
        for _ in 0..<100 { await Task.yield() }
        cancelled.open()
        #expect(try await task.value == 2)
    }
}
