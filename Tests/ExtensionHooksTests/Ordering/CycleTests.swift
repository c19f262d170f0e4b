import ExtensionHooks
import Testing

struct CycleTests {
    @Test func aCycleIsRefusedAndNamedInRunningOrder() throws {
        for ids in permutations(of: ["a", "b", "c"] as [HookID]) {
            let next: [HookID: HookID] = ["a": "b", "b": "c", "c": "a"]
            let subject = Subject<Int, Int>(.immediate) { $0 }
            let error = #expect(throws: HookRegistrationError.self) {
                try subject.register { hooks in
                    hooks.start("independent")
                    hooks.start("behind", after: ["a"])
                    for id in ids { hooks.start(id, before: [next[id]!]) }
                }
            }
            #expect(error?.code == .cycle)
            #expect(error?.point == "subject")
            #expect(error?.hooks == ["a", "b", "c", "a"])
            #expect(error?.description.contains("'a' before 'b' before 'c' before 'a'") == true)
            #expect(subject.order.isEmpty)
        }
    }

    @Test func theHookThatClosesACycleIsRefusedAlone() async throws {
        let subject = Subject<[String], [String]>(.immediate) { $0 }
        try subject.register { $0.start("a", after: ["b"]) { $0.arguments.append("a") } }
        let error = #expect(throws: HookRegistrationError.self) {
            try subject.register { $0.start("b", after: ["a"]) }
        }
        #expect(error?.hooks == ["a", "b", "a"])
        #expect(try await subject([]) == ["a"])
    }

    @Test func aHookCannotPrecedeItself() throws {
        let subject = Subject<Int, Int>(.immediate) { $0 }
        let error = #expect(throws: HookRegistrationError.self) {
            try subject.register { $0.start("acme/a", before: ["acme/a"]) }
        }
        #expect(error?.hooks == ["acme/a", "acme/a"])
    }

    @Test func twoHooksCannotBothPrecedeEverything() throws {
        let subject = Subject<Int, Int>(.immediate) { $0 }
        try subject.register { $0.start("a", before: [.all]) }
        let error = #expect(throws: HookRegistrationError.self) {
            try subject.register { $0.start("b", before: [.all]) }
        }
        #expect(error?.code == .cycle)
    }
}
