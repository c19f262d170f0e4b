import ExtensionHooks
import Testing

/// A call from an actor stays on that actor's executor.
///
/// A hop away and back is one job more on the executor, so that N calls with a hop would count at least N.
struct ExecutorHopTests {
    enum Hooks: CaseIterable, Sendable {
        case none
        case immediate
        case suspendingStarts
        case suspendingEnds
        case suspendingPair
        case observed
    }

    static let calls = 50
    let point = HookPoint<Int, Int>("hopless")

    /// Formed in a nonisolated function, as the hooks of plugins are.
    private func registry(with hooks: Hooks) throws -> HookRegistry {
        let registry = HookRegistry()
        try registry.register { bundle in
            switch hooks {
            case .none: break
            case .immediate:
                bundle.onStart(point, id: "a") {
                    $0.arguments += 1
                } end: { _ in
                }
            case .suspendingStarts:
                for id in ["a", "b", "c"] as [HookID] {
                    bundle.onStart(point, id: id) { call async throws in call.arguments += 1 }
                }
            case .suspendingEnds: bundle.onEnd(point, id: "a") { call async throws in _ = call.arguments }
            case .suspendingPair:
                bundle.onStart(point, id: "a") { call async throws in
                    call.arguments += 1
                } end: { call async throws in
                    _ = call.arguments
                }
            case .observed: bundle.observe { _ in }
            }
        }
        return registry
    }

    private func function(in registry: HookRegistry) -> Extensible<Int, Int> {
        Extensible(point, in: registry) { $0 }
    }

    @Test(arguments: Hooks.allCases)
    func aCallFromAnActorIsNoJobOnItsExecutor(hooks: Hooks) async throws {
        let registry = try registry(with: hooks)
        let function = function(in: registry)
        let site = HookSite(point, in: registry)
        let jobs = try await CountingActor()
            .jobs { actor in
                for _ in 0..<Self.calls {
                    _ = try await function(1)
                    actor.assertIsolated()
                    _ = try await site(1) { $0 }
                    actor.assertIsolated()
                }
            }
        #expect(jobs == 0)
    }

    @Test func aBodyThatHopsIsCountedSoThatTheTestAboveCanFail() async throws {
        let function = Extensible(point, in: HookRegistry()) { argument in
            await elsewhere()
            return argument
        }
        let jobs = try await CountingActor()
            .jobs { _ in
                for _ in 0..<Self.calls { _ = try await function(1) }
            }
        #expect(jobs >= Self.calls)
    }

    @Test func aStartHookThatHopsIsCountedToo() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(point, id: "a") { _ in await elsewhere() } }
        let function = function(in: registry)
        let jobs = try await CountingActor()
            .jobs { _ in
                for _ in 0..<Self.calls { _ = try await function(1) }
            }
        #expect(jobs >= Self.calls)
    }

    @Test(arguments: Hooks.allCases)
    @MainActor func aCallFromTheMainActorLetsNothingElseRunThere(hooks: Hooks) async throws {
        let function = function(in: try registry(with: hooks))
        // A hop would let this task, which waits for the main actor, run before the calls are over.
        let flag = Log<String>()
        let other = Task { @MainActor in flag.add("ran") }
        for _ in 0..<Self.calls {
            _ = try await function(1)
            MainActor.assertIsolated()
        }
        #expect(flag.entries.isEmpty)
        await other.value
        #expect(flag.entries == ["ran"])
    }

    @Test func theBodyAndStartHooksRunOnTheCallersActor() async throws {
        let actor = CountingActor()
        let seen = Log<Bool>()
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { call async throws in seen.add(actor.executor.isCurrent) }
            hooks.onStart(point, id: "b") { _ in seen.add(actor.executor.isCurrent) }
            hooks.onEnd(point, id: "c") { _ in seen.add(actor.executor.isCurrent) }
        }
        let function = Extensible(point, in: registry) { argument in
            seen.add(actor.executor.isCurrent)
            return argument
        }
        _ = try await actor.jobs { _ in _ = try await function(1) }
        #expect(seen.entries == [true, true, true, true])
        #expect(!actor.executor.isCurrent)
    }
}

/// Leaves the caller's executor and comes back.
///
/// The hop to an empty function would be optimised away.
@concurrent private func elsewhere() async {
    withUnsafeCurrentTask { #expect($0 != nil) }
}
