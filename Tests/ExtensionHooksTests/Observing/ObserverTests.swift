import ExtensionHooks
import Testing

struct ObserverTests {
    @Test(arguments: HookKind.allCases)
    func theSecondOfTwoObserversGoesOnWhenTheFirstIsRemoved(kind: HookKind) async throws {
        let seen = Log<String>()
        let subject = Subject<Int, Int>(kind) { $0 }
        let first = try subject.registry.register { hooks in hooks.observe { _ in seen.add("first") } }
        let second = try subject.registry.register { hooks in hooks.observe { _ in seen.add("second") } }
        _ = try await subject(1)
        #expect(seen.entries == ["first", "second"])
        first.cancel()
        _ = try await subject(1)
        #expect(seen.entries == ["first", "second", "second"])
        first.cancel()
        second.cancel()
        _ = try await subject(1)
        #expect(seen.entries.count == 3)
        #expect(!subject.isUsed)
    }

    @Test(arguments: HookKind.allCases)
    func anObserverSeesEveryPointOfItsRegistry(kind: HookKind) async throws {
        let points = Log<String>()
        let registry = HookRegistry()
        let before = Extensible(HookPoint<Int, Int>("before"), in: registry) { $0 }
        try registry.register { hooks in hooks.observe { points.add($0.point) } }
        let after = Extensible(HookPoint<Int, Int>("after"), in: registry) { $0 }
        let subject = Subject<Int, Int>(kind, in: registry) { $0 }
        _ = try await before(1)
        _ = try await after(1)
        _ = try await subject(1)
        #expect(points.entries == ["before", "after", "subject"])
    }

    @Test(arguments: HookKind.allCases)
    func anObserverRemovedDuringACallStillSeesThatCall(kind: HookKind) async throws {
        let seen = Log<String>()
        let tokens = Log<HookRegistration>()
        let subject = Subject<Int, Int>(kind) { $0 }
        tokens.add(try subject.registry.register { hooks in hooks.observe { _ in seen.add("seen") } })
        try subject.register { $0.start("a") { _ in tokens.entries.first?.cancel() } }
        _ = try await subject(1)
        _ = try await subject(1)
        #expect(seen.entries == ["seen"])
    }

    @Test func anObserverCannotChangeTheCall() async throws {
        // By type: it is given a constant copy and returns nothing. What can be run: the outcome is the same.
        let subject = Subject<Int, Int>(.suspending) { $0 }
        try subject.registry.register { hooks in
            hooks.observe { record in
                var copy = record
                _ = copy
                copy = record
            }
        }
        #expect(try await subject(5) == 5)
    }
}
