import ExtensionHooks
import Testing

struct FailurePolicyTests {
    @Test(arguments: HookKind.allCases)
    func aStartHookThatThrowsFailsTheCallByDefault(kind: HookKind) async throws {
        let log = Log<String>()
        let subject = Subject<Int, Int>(kind) { argument in
            log.add("body")
            return argument
        }
        try subject.register { hooks in
            hooks.start("a") { _ in throw TestFailure(3) }
            hooks.start("b") { _ in log.add("b") }
        }
        let error = try #require(await subject.result(1).hookError)
        #expect(error.point == "subject")
        #expect(error.hook == "a")
        #expect(error.phase == .start)
        #expect(error.underlying as? TestFailure == TestFailure(3))
        #expect(error.others.isEmpty)
        #expect(log.entries.isEmpty)
    }

    @Test(arguments: HookKind.allCases)
    func underContinueTheChangesOfAStartHookThatThrowsAreUndone(kind: HookKind) async throws {
        let failures = Log<[HookError]>()
        let rewrites = Log<[HookRewrite]>()
        let subject = Subject<[String], [String]>(kind) { $0 + ["body"] }
        try subject.register { hooks in
            hooks.start("a") { $0.arguments.append("a") }
            hooks.start("b", onFailure: .continue) { call in
                call.arguments.append("b")
                call.arguments.append("more of b")
                call.result = .success(["no"])
                throw TestFailure(2)
            }
            hooks.start("c") { $0.arguments.append("c") }
            hooks.end("z") { call in
                failures.add(call.failures)
                rewrites.add(call.rewrites)
            }
        }
        #expect(try await subject([]) == ["a", "c", "body"])
        #expect(failures.entries.map { $0.map(\.hook) } == [["b"]])
        #expect(failures.entries.first?.first?.phase == .start)
        #expect(rewrites.entries.map { $0.map(\.hook) } == [["a", "c"]])
    }

    @Test(arguments: HookKind.allCases)
    func anEndHookThatThrowsLeavesTheAnswerByDefault(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { hooks in
            hooks.end("a") { call in
                call.result = .success(99)
                throw TestFailure()
            }
        }
        #expect(try await subject(1) == 1)
    }

    @Test(arguments: HookKind.allCases)
    func anEndHookWithFailTakesTheAnswerAway(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { $0.end("a", onFailure: .fail) { _ in throw TestFailure(1) } }
        let error = try #require(await subject.result(1).hookError)
        #expect(error.hook == "a")
        #expect(error.phase == .end)
        #expect(error.underlying as? TestFailure == TestFailure(1))
    }

    @Test(arguments: HookKind.allCases)
    func onePolicyHoldsForBothHalvesOfAPair(kind: HookKind) async throws {
        let strict = Subject<Int, Int>(kind) { $0 }
        try strict.register { hooks in
            hooks.pair("a", onFailure: .fail) { _ in
            } end: { _ in
                throw TestFailure()
            }
        }
        #expect(await strict.result(1).hookError?.phase == .end)
        let lenient = Subject<Int, Int>(kind) { $0 }
        try lenient.register { hooks in
            hooks.pair("a", onFailure: .continue) { _ in
                throw TestFailure()
            } end: { _ in
                Issue.record("the start half did not complete")
            }
        }
        #expect(try await lenient(1) == 1)
    }

    @Test(arguments: HookKind.allCases)
    func theBodysErrorIsNeverWrapped(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { throw TestFailure($0) }
        try subject.register { hooks in
            hooks.start("a")
            hooks.end("b")
        }
        await #expect(throws: TestFailure(5)) { try await subject(5) }
    }

    @Test(arguments: HookKind.allCases)
    func anErrorThatAnEndHookSetsIsNeverWrapped(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { throw TestFailure($0) }
        try subject.register { $0.end("a") { $0.result = .failure(TidyError()) } }
        await #expect(throws: TidyError.self) { try await subject(5) }
    }
}
