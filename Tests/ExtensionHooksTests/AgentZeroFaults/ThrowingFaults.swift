import ExtensionHooks
import Testing

/// Faults of `reference/agent-zero.md`, 1.4: hooks that throw.
struct ThrowingFaults {
    @Test(arguments: HookKind.allCases)
    func throwingStartHookStillRunsEndHooks(kind: HookKind) async throws {
        let log = Log<String>()
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { hooks in
            hooks.pair("a") { _ in
            } end: { _ in
                log.add("end a")
            }
            hooks.pair("b") { _ in
                throw TestFailure()
            } end: { _ in
                log.add("end b")
            }
            hooks.end("c") { _ in log.add("end c") }
        }
        #expect(await subject.result(1).hookError?.hook == "b")
        #expect(log.entries == ["end c", "end a"])
    }

    @Test(arguments: HookKind.allCases)
    func throwingEndHookKeepsTheOriginalError(kind: HookKind) async throws {
        let records = Log<CallRecord>()
        let subject = Subject<Int, Int>(kind) { throw TestFailure($0) }
        try subject.registry.register { hooks in hooks.observe { records.add($0) } }
        try subject.register { $0.end("a", onFailure: .fail) { _ in throw TidyError() } }
        await #expect(throws: TestFailure(8)) { try await subject(8) }
        // And its own error is not lost either.
        #expect(records.entries.first?.hooks.first?.failure == "the disk is full")
    }

    @Test(arguments: HookKind.allCases)
    func aBrokenPluginIsRefusedOnceAndNotMetAgainInEveryCall(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        #expect(throws: HookRegistrationError.self) {
            try subject.register { hooks in
                hooks.start("broken/a") { _ in throw TestFailure() }
                hooks.start("broken/b", before: ["broken/a"], after: ["broken/a"])
            }
        }
        for argument in 0..<3 { #expect(try await subject(argument) == argument) }
        #expect(!subject.isUsed)
    }

    @Test(arguments: HookKind.allCases)
    func aPluginThatThrowsInEveryCallCanBeLetThroughOrSwitchedOff(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { $0.start("broken", onFailure: .continue) { _ in throw TestFailure() } }
        #expect(try await subject(1) == 1)
        let scoped = Subject<Int, Int>(kind, in: try subject.registry.derived(disabling: ["broken"])) { $0 }
        #expect(try await scoped(1) == 1)
        #expect(!scoped.isUsed)
    }
}
