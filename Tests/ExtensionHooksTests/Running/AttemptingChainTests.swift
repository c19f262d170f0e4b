import ExtensionHooks
import KeyHooksTesting
import Testing

/// A hook that attempts is a hook like any other: to its neighbours, to deadlines, to cancellation and to actors.
struct AttemptingChainTests {
    let point = HookPoint<[String], [String]>("chain")

    @Test(arguments: permutations(of: ["a", "b", "c", "d", "e"]))
    func theOrderIsThatOfThePrioritiesWhateverTheKinds(registration: [String]) async throws {
        let registry = HookRegistry()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            for name in registration {
                let priority = Int(name.utf8.first ?? 0)
                switch name {
                case "a", "d":
                    hooks.onStart(point, id: HookID(name), priority: priority) { _ in
                        false
                    } otherwise: { call in
                        await Task.yield()
                        call.arguments.append(name)
                    }
                case "b":
                    hooks.onStart(point, id: HookID(name), priority: priority) { $0.arguments.append(name) }
                case "c":
                    hooks.onStart(point, id: HookID(name), priority: priority) { call in
                        await Task.yield()
                        call.arguments.append(name)
                    }
                default:
                    hooks.onStart(point, id: HookID(name), priority: priority) { call in
                        call.arguments.append(name)
                        return true
                    } otherwise: { _ in
                        Issue.record("it was done")
                    }
                }
            }
        }
        #expect(try await function([]) == ["a", "b", "c", "d", "e"])
    }

    @Test func beforeAndAfterHoldForIt() throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { _ in }
            hooks.onStart(point, id: "z", priority: 900, before: ["a"], attempting: { _ in true }, otherwise: { _ in })
            hooks.onStart(point, id: "m", priority: 1, after: ["a"], attempting: { _ in true }, otherwise: { _ in })
        }
        #expect(registry.order(of: point).map(\.id) == ["z", "a", "m"])
        #expect(registry.order(of: point).allSatisfy { $0.phases == [.start] })
    }

    @Test(arguments: [true, false])
    func underContinueWhatItChangedBeforeItThrewIsUndone(isAttempt: Bool) async throws {
        let registry = HookRegistry()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "cache", onFailure: .continue) { call in
                guard isAttempt else { return false }
                call.arguments.append("attempt")
                call.result = .success(["attempt"])
                throw TestFailure()
            } otherwise: { call in
                await Task.yield()
                call.arguments.append("action")
                call.result = .success(["action"])
                throw TestFailure()
            }
        }
        #expect(try await function(["caller"]) == ["caller"])
    }

    @Test func theDeadlineIsThatOfTheClosureThatWaits() async throws {
        let clock = ManualClock()
        let registry = HookRegistry(clock: clock)
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "cache", deadline: .seconds(5)) { call in
                call.arguments == ["known"]
            } otherwise: { _ in
                try await untilCancelled()
            }
        }
        #expect(try await function(["known"]) == ["known"])
        let task = Task { try await function([]) }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(5))
        let error = try #require(await task.result.hookError)
        #expect(error.hook == "cache")
        #expect((error.underlying as? HookDeadlineExceeded)?.deadline == .seconds(5))
    }

    @Test(arguments: [FailurePolicy.fail, .continue])
    func theCallersCancellationReachesTheClosureThatWaits(policy: FailurePolicy) async throws {
        let entered = Gate()
        let registry = HookRegistry()
        let function = Extensible(point, in: registry) { argument in
            Issue.record("the body must not run")
            return argument
        }
        try registry.register { hooks in
            hooks.onStart(point, id: "cache", onFailure: policy) { _ in
                false
            } otherwise: { _ in
                entered.open()
                try await untilCancelled()
            }
        }
        let task = Task { try await function([]) }
        await entered.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func anAttemptAnswersACancelledCallerToo() async throws {
        let registry = HookRegistry()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "cache") { call in
                call.result = .success(["kept"])
                return true
            } otherwise: { _ in
                Issue.record("it was done")
            }
        }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await function([])
        }
        #expect(try await task.value == ["kept"])
    }

    @Test func anAnswerAtOnceLeavesTheCallersActorAlone() async throws {
        let registry = HookRegistry()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "cache") { call in
                call.result = .success(["kept"])
                return true
            } otherwise: { _ in
                Issue.record("it was done")
            }
        }
        let actor = CountingActor()
        let jobs = try await actor.jobs { actor in
            let answer = try await function([])
            #expect(answer == ["kept"])
            #expect(actor.executor.isCurrent)
        }
        #expect(jobs == 0)
    }
}
