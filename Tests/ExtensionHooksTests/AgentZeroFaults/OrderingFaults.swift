import ExtensionHooks
import Testing

/// Faults of `reference/agent-zero.md`, 1.6: discovery and order.
struct OrderingFaults {
    @Test func sameIdFromTwoPluginsIsAnErrorAndNotSilentlyDropped() async throws {
        let subject = Subject<[String], [String]>(.immediate) { $0 }
        try subject.register { $0.start("api_key") { $0.arguments.append("first") } }
        let error = #expect(throws: HookRegistrationError.self) {
            try subject.register { $0.start("api_key") { $0.arguments.append("second") } }
        }
        #expect(error?.code == .duplicateID)
        #expect(try await subject([]) == ["first"])
    }

    @Test func hooksOfTheSameNameFromTwoPluginsBothRun() async throws {
        let subject = Subject<[String], [String]>(.immediate) { $0 }
        try subject.register { $0.start("bravo/api_key") { $0.arguments.append("bravo") } }
        try subject.register { $0.start("alpha/api_key") { $0.arguments.append("alpha") } }
        #expect(try await subject([]) == ["alpha", "bravo"])
    }

    @Test(arguments: HookKind.allCases)
    func orderIsNumericNotLexicographic(kind: HookKind) async throws {
        let subject = Subject<[Int], [Int]>(kind) { $0 }
        try subject.register { hooks in
            for priority in [100, 10, 5, -1] {
                hooks.start(HookID("_\(priority)_hook"), priority: priority) { $0.arguments.append(priority) }
            }
        }
        #expect(try await subject([]) == [-1, 5, 10, 100])
    }
}
