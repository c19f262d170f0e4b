import ExtensionHooks
import Testing

struct EndFailureTests {
    @Test(arguments: HookKind.allCases)
    func threeFailingEndHooksAreAllReportedAndTheBodysErrorIsKept(kind: HookKind) async throws {
        for policy in [FailurePolicy.fail, .continue] {
            let collected = Log<[HookError]>()
            let records = Log<CallRecord>()
            let subject = Subject<Int, Int>(kind) { throw TestFailure($0) }
            try subject.registry.register { hooks in hooks.observe { records.add($0) } }
            try subject.register { hooks in
                hooks.end("a") { collected.add($0.failures) }
                for number in 1...3 {
                    hooks.end(HookID("b\(number)"), onFailure: policy) { _ in throw TestFailure(number) }
                }
            }
            await #expect(throws: TestFailure(42)) { try await subject(42) }
            let failures = try #require(collected.entries.first)
            #expect(failures.map(\.hook) == ["b3", "b2", "b1"])
            #expect(failures.map { $0.underlying as? TestFailure } == [3, 2, 1].map { TestFailure($0) })
            let record = try #require(records.entries.first)
            #expect(record.hooks.map(\.hook) == ["b3", "b2", "b1", "a"])
            #expect(record.hooks.map { $0.failure != nil } == [true, true, true, false])
            #expect(record.failure == valueFreeDescription(of: TestFailure()))
        }
    }

    @Test(arguments: HookKind.allCases)
    func whenTheBodySucceededTheFirstFailureCarriesTheOthers(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { hooks in
            hooks.end("a", onFailure: .continue) { _ in throw TestFailure(1) }
            hooks.end("b", onFailure: .fail) { _ in throw TestFailure(2) }
            hooks.end("c", onFailure: .fail) { _ in throw TestFailure(3) }
            hooks.end("d", onFailure: .continue) { _ in throw TestFailure(4) }
        }
        let error = try #require(await subject.result(1).hookError)
        #expect(error.hook == "c")
        #expect(error.others.map(\.hook) == ["d", "b", "a"])
        #expect(error.others.allSatisfy { $0.phase == .end && $0.others.isEmpty })
        for number in 1...4 {
            #expect(([error] + error.others).contains { $0.underlying as? TestFailure == TestFailure(number) })
        }
        #expect(error.description.contains("also: hook 'a' failed"))
    }

    @Test(arguments: HookKind.allCases)
    func anOuterEndHookRecoversFromTheFailureOfAnInnerOne(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { hooks in
            hooks.end("a") { call in
                #expect(call.result.hookError?.hook == "b")
                call.result = .success(7)
            }
            hooks.end("b", onFailure: .fail) { _ in throw TestFailure() }
        }
        #expect(try await subject(1) == 7)
    }

    @Test(arguments: HookKind.allCases)
    func aFailureAfterARecoveryReportsTheEarlierOneToo(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { hooks in
            hooks.end("a", onFailure: .fail) { _ in throw TestFailure(1) }
            hooks.end("b") { $0.result = .success(7) }
            hooks.end("c", onFailure: .fail) { _ in throw TestFailure(3) }
        }
        let error = try #require(await subject.result(1).hookError)
        #expect(error.hook == "a")
        #expect(error.others.map(\.hook) == ["c"])
    }

    @Test(arguments: HookKind.allCases)
    func aStartFailureIsKeptWhenEndHooksFailToo(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { hooks in
            hooks.end("z", onFailure: .fail) { _ in throw TestFailure(2) }
            hooks.start("a") { _ in throw TestFailure(1) }
        }
        let error = try #require(await subject.result(1).hookError)
        #expect(error.phase == .start)
        #expect(error.underlying as? TestFailure == TestFailure(1))
    }

    @Test(arguments: HookKind.allCases)
    func whatAFailingEndHookDidToTheResultIsUndone(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { throw TestFailure($0) }
        try subject.register { hooks in
            hooks.end("a") { call in
                call.result = .success(1)
                throw TestFailure(9)
            }
        }
        await #expect(throws: TestFailure(3)) { try await subject(3) }
    }
}
