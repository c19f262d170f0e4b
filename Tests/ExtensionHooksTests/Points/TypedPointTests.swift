import ExtensionHooks
import Testing

struct TypedPointTests {
    @Test func hooksAndBodyShareTheTypesOfThePoint() async throws {
        let registry = HookRegistry()
        let point = HookPoint<(name: String, count: Int), [String]>("repeat")
        let function = Extensible(point, in: registry) { arguments in
            Array(repeating: arguments.name, count: arguments.count)
        }
        try registry.register { hooks in hooks.onStart(point, id: "twice") { call in call.arguments.count *= 2 } }
        try registry.register { hooks in
            hooks.onEnd(point, id: "count") { call in call.result = call.result.map { $0 + ["\($0.count)"] } }
        }
        #expect(try await function((name: "a", count: 1)) == ["a", "a", "2"])
    }

    @Test func twoDeclarationsWithTheSameNameAndTypesAreOnePoint() async throws {
        let registry = HookRegistry()
        let function = Extensible(HookPoint<Int, Int>("double"), in: registry) { $0 * 2 }
        try registry.register { hooks in hooks.onStart(HookPoint<Int, Int>("double"), id: "a") { $0.arguments += 1 } }
        #expect(try await function(1) == 4)
    }

    @Test func aPointWithOtherTypesIsAnotherPoint() async throws {
        let registry = HookRegistry()
        let function = Extensible(HookPoint<Int, Int>("double"), in: registry) { $0 * 2 }
        try registry.register { hooks in
            hooks.onStart(HookPoint<Int, Int?>("double"), id: "a") { $0.result = .success(nil) }
        }
        try registry.register { hooks in
            hooks.onStart(HookPoint<String, Int>("double"), id: "a") { $0.result = .success(0) }
        }
        try registry.register { hooks in
            hooks.onStart(SynchronousHookPoint<Int, Int>("double"), id: "a") { $0.result = .success(0) }
        }
        try registry.register { hooks in
            hooks.onStart(HookPoint<Int, Int>("triple"), id: "a") { $0.result = .success(0) }
        }
        #expect(try await function(1) == 2)
        #expect(!function.isUsed)
    }

    @Test(arguments: HookKind.allCases)
    func isUsedFollowsTheRegistrations(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        #expect(!subject.isUsed)
        let hook = try subject.register { $0.start("a") }
        let observer = try subject.registry.register { hooks in hooks.observe { _ in } }
        #expect(subject.isUsed)
        hook.cancel()
        #expect(subject.isUsed)
        observer.cancel()
        #expect(!subject.isUsed)
    }

    @Test func aCallSiteTakesItsBodyAtTheCall() async throws {
        let registry = HookRegistry()
        let point = HookPoint<Int, Int>("site")
        let site = HookSite(point, in: registry)
        #expect(try await site(1) { $0 + 10 } == 11)
        try registry.register { hooks in hooks.onStart(point, id: "a") { $0.arguments = 5 } }
        #expect(site.isUsed)
        #expect(try await site(1) { $0 + 100 } == 105)
    }

    @Test func aClosureWithoutAwaitIsRegisteredAsOneThatCannotWait() async throws {
        // The two overloads differ in re-entrancy: only hooks that may wait count as a level.
        let registry = HookRegistry()
        let inner = SynchronousExtensible(SynchronousHookPoint<Int, Int>("inner"), in: registry) { $0 }
        let depths = Log<Int>()
        try registry.register { hooks in hooks.observe { if $0.point == "inner" { depths.add($0.depth) } } }
        let point = HookPoint<Int, Int>("outer")
        let outer = Extensible(point, in: registry) { $0 }
        let immediate = try registry.register { hooks in
            hooks.onStart(point, id: "a") { call in call.arguments = try inner(1) }
        }
        #expect(try await outer(0) == 1)
        immediate.cancel()
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { call async throws in call.arguments = try inner(2) }
        }
        #expect(try await outer(0) == 2)
        #expect(depths.entries == [0, 1])
    }
}
