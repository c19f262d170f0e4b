import ExtensionHooks
import Testing

struct EndHookTests {
    @Test(arguments: HookKind.allCases)
    func endHooksRunInReverseOrder(kind: HookKind) async throws {
        let log = Log<String>()
        let subject = Subject<Int, Int>(kind) { argument in
            log.add("body")
            return argument
        }
        try subject.register { hooks in
            for id in ["a", "b", "c"] {
                hooks.pair(HookID(id), start: { _ in log.add("start \(id)") }, end: { _ in log.add("end \(id)") })
            }
        }
        #expect(try await subject(1) == 1)
        #expect(log.entries == ["start a", "start b", "start c", "body", "end c", "end b", "end a"])
    }

    @Test(arguments: HookKind.allCases)
    func anEndHookReplacesAValueByAnotherOrByAnError(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        let doubling = try subject.register { $0.end("a") { call in call.result = call.result.map { $0 * 2 } } }
        #expect(try await subject(3) == 6)
        doubling.cancel()
        try subject.register { $0.end("a") { $0.result = .failure(TestFailure(1)) } }
        await #expect(throws: TestFailure(1)) { try await subject(3) }
    }

    @Test(arguments: HookKind.allCases)
    func anEndHookRecoversFromTheBodysError(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { throw TestFailure($0) }
        try subject.register { hooks in
            hooks.end("a") { call in
                #expect(throws: Never.self) { try call.result.get() }
            }
            hooks.end("b") { call in
                guard let failure = call.result.failure as? TestFailure else { return }
                call.result = .success(failure.number + 1)
            }
        }
        #expect(try await subject(4) == 5)
    }

    @Test(arguments: HookKind.allCases)
    func anEndHookSeesTheFinalArgumentsAndWhoDidWhat(kind: HookKind) async throws {
        let seen = Log<EndCall<Int, Int>>()
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { hooks in
            hooks.start("a") { $0.arguments += 1 }
            hooks.start("b") { $0.arguments += 10 }
            hooks.end("z") { seen.add($0) }
        }
        #expect(try await subject(0) == 11)
        let answer = try subject.register { $0.start("c") { $0.result = .success($0.arguments * 2) } }
        #expect(try await subject(0) == 22)
        answer.cancel()
        #expect(seen.entries.map(\.arguments) == [11, 11])
        #expect(seen.entries.map(\.answeredBy) == [.body, .hook("c")])
        #expect(seen.entries.allSatisfy { $0.rewrites.map(\.hook) == ["a", "b"] })
    }

    @Test(arguments: HookKind.allCases)
    func anEndOnlyHookAlwaysRuns(kind: HookKind) async throws {
        let log = Log<String>()
        let subject = Subject<Int, Int>(kind) { argument in
            guard argument > 0 else { throw TestFailure() }
            return argument
        }
        try subject.register { hooks in
            hooks.end("first", priority: 0) { _ in log.add("first") }
            hooks.start("middle") { call in
                if call.arguments == 2 { call.result = .success(0) }
                if call.arguments == 3 { call.result = .failure(TestFailure()) }
                if call.arguments == 4 { throw TestFailure() }
            }
            hooks.end("last", priority: 1000) { _ in log.add("last") }
        }
        for (count, argument) in [0, 1, 2, 3, 4].enumerated() {
            _ = await subject.result(argument)
            #expect(log.entries.count == 2 * (count + 1), "argument \(argument)")
        }
        #expect(log.entries.prefix(2) == ["last", "first"])
    }

    @Test(arguments: HookKind.allCases)
    func eachEndHookSeesWhatTheInnerOneLeft(kind: HookKind) async throws {
        let subject = Subject<Int, [String]>(kind) { _ in ["body"] }
        try subject.register { hooks in
            for id in ["a", "b", "c"] {
                hooks.end(HookID(id)) { call in call.result = call.result.map { $0 + [id] } }
            }
        }
        #expect(try await subject(1) == ["body", "c", "b", "a"])
    }
}
