import ExtensionHooks
import Testing

/// Faults of `reference/agent-zero.md`, 1.3: control flow.
struct ControlFlowFaults {
    @Test(arguments: HookKind.allCases)
    func resultStopsLaterStartHooks(kind: HookKind) async throws {
        let subject = Subject<Int, String>(kind) { _ in "body" }
        try subject.register { hooks in
            hooks.start("a") { $0.result = .success("first writer") }
            hooks.start("b") { $0.result = .success("last writer") }
        }
        #expect(try await subject(1) == "first writer")
    }

    @Test(arguments: HookKind.allCases)
    func denialStillRunsEndHooks(kind: HookKind) async throws {
        let log = Log<String>()
        let subject = Subject<Int, String>(kind) { _ in "body" }
        try subject.register { hooks in
            hooks.pair("a") { _ in
            } end: { call in
                log.add("end a, answered by \(call.answeredBy)")
            }
            hooks.start("b") { $0.result = .failure(TestFailure(1)) }
            hooks.start("c") { _ in log.add("start c") }
            hooks.end("d") { _ in log.add("end d") }
        }
        await #expect(throws: TestFailure(1)) { try await subject(1) }
        #expect(log.entries == ["end d", "end a, answered by hook 'b'"])
    }

    @Test(arguments: HookKind.allCases)
    func cancellationReachesEndHooks(kind: HookKind) async throws {
        let log = Log<Bool>()
        let subject = Subject<Int, String>(kind) { _ in throw CancellationError() }
        try subject.register { hooks in hooks.end("a") { log.add($0.result.failure is CancellationError) } }
        await #expect(throws: CancellationError.self) { try await subject(1) }
        #expect(log.entries == [true])
    }

    @Test(arguments: HookKind.allCases)
    func optionalResultNeedsNoSentinel(kind: HookKind) async throws {
        let subject = Subject<Int, String?>(kind) { _ in "body" }
        let looking = try subject.register { $0.start("looks") { #expect($0.result == nil) } }
        #expect(try await subject(1) == "body")
        looking.cancel()
        try subject.register { $0.start("answers") { $0.result = .success(nil) } }
        #expect(try await subject(1) == nil)
    }

    @Test(arguments: HookKind.allCases)
    func aFunctionThatReturnsAStringNeverReturnsNothing(kind: HookKind) async throws {
        // By type: `call.result = .success(nil)` does not compile for an output of String, and taking the result back
        // to nil means that nobody answered.
        let subject = Subject<Int, String>(kind) { _ in "body" }
        try subject.register { $0.start("a") { $0.result = nil } }
        let output: String = try await subject(1)
        #expect(output == "body")
    }

    @Test(arguments: HookKind.allCases)
    func recoveryNeedsOnlyTheResult(kind: HookKind) async throws {
        let subject = Subject<Int, String>(kind) { _ in throw TestFailure() }
        try subject.register { $0.end("a") { $0.result = .success("fallback") } }
        #expect(try await subject(1) == "fallback")
    }
}
