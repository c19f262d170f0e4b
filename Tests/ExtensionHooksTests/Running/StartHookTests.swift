import ExtensionHooks
import Testing

struct StartHookTests {
    @Test(arguments: HookKind.allCases)
    func anAnswerSkipsLaterStartHooksAndTheBody(kind: HookKind) async throws {
        let log = Log<String>()
        let subject = Subject<Int, String>(kind) { _ in
            log.add("body")
            return "body"
        }
        try subject.register { hooks in
            hooks.start("a") { _ in log.add("a") }
            hooks.start("b") { call in
                log.add("b")
                call.result = .success("hook")
            }
            hooks.start("c") { _ in log.add("c") }
        }
        #expect(try await subject(1) == "hook")
        #expect(log.entries == ["a", "b"])
    }

    @Test(arguments: HookKind.allCases)
    func nilIsAnAnswerForAnOptionalOutput(kind: HookKind) async throws {
        let subject = Subject<Int, String?>(kind) { _ in
            Issue.record("the body must not run")
            return "body"
        }
        try subject.register { hooks in
            hooks.start("a") { $0.result = .success(nil) }
            hooks.start("b") { _ in Issue.record("a later start hook must not run") }
        }
        #expect(try await subject(1) == nil)
    }

    @Test(arguments: HookKind.allCases)
    func aFailureDeniesAndReachesTheCallerAsItIs(kind: HookKind) async throws {
        let subject = Subject<Int, String>(kind) { _ in
            Issue.record("the body must not run")
            return "body"
        }
        try subject.register { $0.start("a") { $0.result = .failure(TestFailure(7)) } }
        await #expect(throws: TestFailure(7)) { try await subject(1) }
    }

    @Test(arguments: HookKind.allCases)
    func takingTheAnswerBackLetsTheCallGoOn(kind: HookKind) async throws {
        let subject = Subject<Int, String>(kind) { "body \($0)" }
        try subject.register { hooks in
            hooks.start("a") { call in
                call.result = .success("no")
                call.result = nil
            }
        }
        #expect(try await subject(1) == "body 1")
    }

    @Test(arguments: HookKind.allCases)
    func everyRewriteIsSeenByLaterHooksAndTheBody(kind: HookKind) async throws {
        let subject = Subject<[String], [String]>(kind) { $0 + ["body"] }
        try subject.register { hooks in
            for id in ["a", "b", "c"] { hooks.start(HookID(id)) { $0.arguments.append(id) } }
        }
        #expect(try await subject(["caller"]) == ["caller", "a", "b", "c", "body"])
    }

    @Test(arguments: HookKind.allCases)
    func argumentsMayBeRewrittenToNil(kind: HookKind) async throws {
        // A marker of nil for "not rewritten" must not be confused with arguments that are nil.
        let subject = Subject<Int?, [HookRewrite]>(kind) { argument in
            #expect(argument == nil)
            return []
        }
        try subject.register { hooks in
            hooks.start("a") { $0.arguments = nil }
            hooks.start("b", onFailure: .continue) { call in
                call.arguments = 5
                throw TestFailure()
            }
            hooks.end("z") { $0.result = .success($0.rewrites) }
        }
        #expect(try await subject(1).map(\.hook) == ["a"])
        #expect(try await subject(nil).map(\.hook) == ["a"])
    }

    @Test func kindsMayBeMixedOnOnePoint() async throws {
        let registry = HookRegistry()
        let point = HookPoint<[String], [String]>("mixed")
        let function = Extensible(point, in: registry) { $0 + ["body"] }
        try registry.register { hooks in
            for (index, name) in ["a", "b", "c", "d", "e"].enumerated() {
                if index.isMultiple(of: 2) {
                    hooks.onStart(point, id: HookID(name)) { $0.arguments.append(name) }
                } else {
                    hooks.onStart(point, id: HookID(name)) { call in
                        await Task.yield()
                        call.arguments.append(name)
                    }
                }
            }
            hooks.onEnd(point, id: "f") { call in call.result = call.result.map { $0 + ["f"] } }
        }
        #expect(try await function([]) == ["a", "b", "c", "d", "e", "body", "f"])
    }
}
