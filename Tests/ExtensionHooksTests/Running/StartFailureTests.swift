import ExtensionHooks
import KeyHooksTesting
import Testing

/// A point may let a call go on without a start hook that failed.
struct StartFailureTests {
    let asked = Log<String>()

    /// Goes on after a `TestFailure` with an even number and after a deadline, and adds 100 to the arguments.
    private var decision: @Sendable (inout Int, HookID, any Error) -> Bool {
        { [asked] number, hook, error in
            asked.add("\(hook) \(number) \(type(of: error))")
            let goesOn = (error as? TestFailure)?.number.isMultiple(of: 2) ?? !(error is TestFailure)
            if goesOn { number += 100 }
            return goesOn
        }
    }

    private var point: HookPoint<Int, Int> { HookPoint("failing", onStartFailure: decision) }

    @Test(arguments: [true, false], [FailurePolicy.fail, nil])
    func theCallGoesOnWithTheNextHook(waits: Bool, policy: FailurePolicy?) async throws {
        let registry = HookRegistry()
        let log = Log<String>()
        try registry.register { hooks in
            if waits {
                hooks.onStart(point, id: "a", onFailure: policy) { call in
                    await Task.yield()
                    call.arguments = 50
                    throw TestFailure(2)
                } end: { _ in
                    log.add("not owed")
                }
            } else {
                hooks.onStart(point, id: "a", onFailure: policy) { call in
                    call.arguments = 50
                    throw TestFailure(2)
                } end: { _ in
                    log.add("not owed")
                }
            }
            hooks.onStart(point, id: "b") { call in log.add("b \(call.arguments)") }
            hooks.onEnd(point, id: "c") { call in log.add("failed: \(call.failures.map(\.hook))") }
        }
        #expect(try await Extensible(point, in: registry) { $0 }(1) == 101)
        // What the hook had changed is undone before.
        #expect(asked.entries == ["a 1 TestFailure"])
        #expect(log.entries == ["b 101", "failed: [a]"])
    }

    @Test func orFailsAsItWouldHave() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(point, id: "a") { _ in throw TestFailure(3) } }
        let function = Extensible(point, in: registry) { $0 }
        let error = await #expect(throws: HookError.self) { try await function(1) }
        #expect(error?.underlying as? TestFailure == TestFailure(3))
        #expect(asked.entries == ["a 1 TestFailure"])
    }

    @Test func aHookThatMayFailIsNotAskedAbout() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(point, id: "a", onFailure: .continue) { _ in throw TestFailure(3) }
            hooks.onEnd(point, id: "b", onFailure: .fail) { _ in throw TestFailure(2) }
        }
        let function = Extensible(point, in: registry) { $0 }
        await #expect(throws: HookError.self) { try await function(1) }
        #expect(asked.entries.isEmpty)
    }

    @Test func anExceededDeadlineIsAFailureToo() async throws {
        let clock = ManualClock()
        let registry = HookRegistry(clock: clock)
        try registry.register { hooks in
            hooks.onStart(point, id: "slow", deadline: .seconds(5)) { _ in try await Task.sleep(for: .seconds(3600)) }
        }
        let function = Extensible(point, in: registry) { $0 }
        let task = Task { try await function(1) }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(5))
        #expect(try await task.value == 101)
        #expect(asked.entries == ["slow 1 HookDeadlineExceeded"])
    }

    @Test func aCallerWhoGivesUpIsNoFailureOfAHook() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { _ in try await Task.sleep(for: .seconds(3600)) }
        }
        let function = Extensible(point, in: registry) { $0 }
        let task = Task { try await function(1) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(asked.entries.isEmpty)
    }

    @Test func aSynchronousPointDecidesLikewise() throws {
        let registry = HookRegistry()
        let point = SynchronousHookPoint<Int, Int>("failing", onStartFailure: decision)
        try registry.register { hooks in hooks.onStart(point, id: "a") { _ in throw TestFailure(2) } }
        #expect(try SynchronousExtensible(point, in: registry) { $0 }(1) == 101)
        #expect(asked.entries == ["a 1 TestFailure"])
    }
}
