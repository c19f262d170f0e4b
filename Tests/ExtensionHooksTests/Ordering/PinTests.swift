import ExtensionHooks
import Testing

struct PinTests {
    @Test(arguments: HookKind.allCases)
    func pinnedHooksRunFirstInPinOrderOverEveryRule(kind: HookKind) async throws {
        let subject = Subject<[HookID], [HookID]>(kind) { $0 }
        try subject.register { hooks in
            hooks.start("a", priority: 0, before: ["b", "c"]) { $0.arguments.append("a") }
            hooks.start("b", before: ["c"]) { $0.arguments.append("b") }
            hooks.start("c") { $0.arguments.append("c") }
            hooks.start("d", priority: -50) { $0.arguments.append("d") }
        }
        try subject.registry.pinOrder(["c", "nobody", "b"])
        #expect(try await subject([]) == ["c", "b", "d", "a"])
        #expect(subject.order.map(\.isPinned) == [true, true, false, false])
        #expect(subject.order.first?.reason == "pinned by the configured order")
        try subject.registry.pinOrder([])
        #expect(try await subject([]) == ["d", "a", "b", "c"])
    }

    @Test func aPluginsNamePinsAllItsHooks() throws {
        let subject = Subject<Int, Int>(.immediate) { $0 }
        try subject.register { hooks in
            for id in ["z/b", "z/a", "y", "x"] as [HookID] { hooks.start(id, priority: id == "z/b" ? 1 : 5) }
        }
        try subject.registry.pinOrder(["y", "z"])
        #expect(subject.order.map(\.id) == ["y", "z/b", "z/a", "x"])
        try subject.registry.pinOrder(["z/a", "z"])
        #expect(subject.order.map(\.id) == ["z/a", "z/b", "x", "y"])
    }

    @Test func aPinHoldsForHooksThatComeLater() throws {
        let subject = Subject<Int, Int>(.immediate) { $0 }
        try subject.registry.pinOrder(["z"])
        try subject.register { $0.start("a") }
        try subject.register { $0.start("z") }
        #expect(subject.order.map(\.id) == ["z", "a"])
    }

    @Test func aPinThatSettlesACycleCannotBeTakenAwayWhileTheCycleIsThere() throws {
        let subject = Subject<Int, Int>(.immediate) { $0 }
        try subject.registry.pinOrder(["b"])
        let registration = try subject.register { hooks in
            hooks.start("a", before: ["b"])
            hooks.start("b", before: ["a"])
        }
        #expect(subject.order.map(\.id) == ["b", "a"])
        #expect(throws: HookRegistrationError.self) { try subject.registry.pinOrder([]) }
        #expect(subject.order.map(\.id) == ["b", "a"])
        registration.cancel()
        try subject.registry.pinOrder([])
    }

    @Test func aDerivedRegistryHasItsOwnPinOrTheParents() throws {
        let subject = Subject<Int, Int>(.immediate) { $0 }
        try subject.register { hooks in for id in ["a", "b", "c"] as [HookID] { hooks.start(id) } }
        let derived = try subject.registry.derived()
        try subject.registry.pinOrder(["c"])
        #expect(derived.order(of: subject.asynchronousPoint).map(\.id) == ["c", "a", "b"])
        try derived.pinOrder(["b"])
        #expect(derived.order(of: subject.asynchronousPoint).map(\.id) == ["b", "a", "c"])
        #expect(subject.order.map(\.id) == ["c", "a", "b"])
        try derived.pinOrder([])
        #expect(derived.order(of: subject.asynchronousPoint).map(\.id) == ["c", "a", "b"])
    }
}
