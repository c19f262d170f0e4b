import ExtensionHooks
import Testing

struct RegistrationTests {
    @Test(arguments: HookKind.allCases)
    func cancellingTwiceDoesNothingMore(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        let first = try subject.register { $0.start("a") { $0.arguments += 1 } }
        first.cancel()
        try subject.register { $0.start("a") { $0.arguments += 10 } }
        first.cancel()
        #expect(try await subject(0) == 10)
    }

    @Test(arguments: HookKind.allCases)
    func droppingTheTokenKeepsTheHook(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        weak var token: HookRegistration?
        do { token = try subject.register { $0.start("guard") { $0.result = .failure(TestFailure()) } } }
        #expect(token == nil)
        await #expect(throws: TestFailure.self) { try await subject(1) }
    }

    @Test(arguments: HookKind.allCases)
    func registeringInsideARunningHookChangesLaterCallsOnly(kind: HookKind) async throws {
        let subject = Subject<[String], [String]>(kind) { $0 + ["body"] }
        try subject.register { hooks in
            hooks.start("a") { call in
                call.arguments.append("a")
                guard subject.order.count == 2 else { return }
                try subject.register { inner in
                    inner.start("b") { $0.arguments.append("b") }
                    inner.end("c") { call in call.result = call.result.map { $0 + ["c"] } }
                }
            }
            hooks.start("z") { $0.arguments.append("z") }
        }
        #expect(try await subject([]) == ["a", "z", "body"])
        #expect(try await subject([]) == ["a", "b", "z", "body", "c"])
    }

    @Test(arguments: HookKind.allCases)
    func cancellingInsideARunningHookChangesLaterCallsOnly(kind: HookKind) async throws {
        let tokens = Log<HookRegistration>()
        let subject = Subject<[String], [String]>(kind) { $0 + ["body"] }
        tokens.add(
            try subject.register { hooks in
                hooks.pair("a") { call in
                    call.arguments.append("a")
                    for token in tokens.entries { token.cancel() }
                } end: { call in
                    call.result = call.result.map { $0 + ["end a"] }
                }
                hooks.start("b") { $0.arguments.append("b") }
            }
        )
        tokens.add(try subject.register { $0.end("c") { call in call.result = call.result.map { $0 + ["c"] } } })
        #expect(try await subject([]) == ["a", "b", "body", "c", "end a"])
        #expect(!subject.isUsed)
        #expect(try await subject([]) == ["body"])
    }

    @Test(arguments: HookKind.allCases)
    func registeringInsideABodyAndAnEndHookIsSafe(kind: HookKind) async throws {
        let registry = HookRegistry()
        let point = HookPoint<Int, Int>("elsewhere")
        let elsewhere = Extensible(point, in: registry) { $0 }
        let subject = Subject<Int, Int>(kind, in: registry) { argument in
            try registry.register { hooks in hooks.onStart(point, id: "from-body") { $0.arguments += 1 } }
            return argument
        }
        try subject.register {
            $0.end("a") { _ in
                try registry.register { hooks in
                    hooks.onStart(point, id: "from-end") { $0.arguments += 10 }
                }
            }
        }
        try registry.register { hooks in
            hooks.observe { _ in
                _ = try? registry.register { hooks in
                    hooks.onStart(point, id: "from-observer") { $0.arguments += 100 }
                }
            }
        }
        #expect(try await subject(0) == 0)
        #expect(try await elsewhere(0) == 111)
    }

    @Test func buildingABundleHoldsNoLock() throws {
        let registry = HookRegistry()
        let point = HookPoint<Int, Int>("nested")
        try registry.register { outer in
            outer.onStart(point, id: "outer") { _ in }
            try registry.register { hooks in hooks.onStart(point, id: "inner") { _ in } }
            #expect(registry.order(of: point).map(\.id) == ["inner"])
        }
        #expect(registry.order(of: point).map(\.id) == ["inner", "outer"])
    }
}
