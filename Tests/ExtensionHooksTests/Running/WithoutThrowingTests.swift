import ExtensionHooks
import Testing

/// A function that cannot throw cannot be denied, and runs its body once whatever its hooks do.
struct WithoutThrowingTests {
    struct Refused: Error {}

    let registry = HookRegistry()
    let point = HookPoint<Int, Int>("without-throwing")
    let synchronousPoint = SynchronousHookPoint<Int, Int>("without-throwing")
    let bodies = Log<Int>()

    private func call(_ number: Int) async -> Int {
        await HookSite(point, in: registry)
            .callWithoutThrowing(number) { number in
                bodies.add(number)
                return number + 1
            }
    }

    private func callSynchronously(_ number: Int) -> Int {
        SynchronousHookSite(synchronousPoint, in: registry)
            .callWithoutThrowing(number) { number in
                bodies.add(number)
                return number + 1
            }
    }

    @Test func withoutHooksItIsTheBody() async {
        #expect(await call(1) == 2)
        #expect(callSynchronously(2) == 3)
        #expect(bodies.entries == [1, 2])
    }

    @Test func hooksAnswerAndRewrite() async throws {
        try registry.register { hooks in
            hooks.onStart(point, id: "rewrite") { $0.arguments *= 10 }
            hooks.onStart(synchronousPoint, id: "answer") { $0.result = .success(0) }
        }
        #expect(await call(1) == 11)
        #expect(callSynchronously(1) == 0)
        #expect(bodies.entries == [10])
    }

    @Test func afterADenialTheBodyRunsWithTheCallersArguments() async throws {
        try registry.register { hooks in
            hooks.onStart(point, id: "deny") { call in
                call.arguments = 1_000
                call.result = .failure(Refused())
            }
            hooks.onStart(synchronousPoint, id: "deny") { call in
                call.arguments = 1_000
                throw Refused()
            }
        }
        #expect(await call(1) == 2)
        #expect(callSynchronously(2) == 3)
        #expect(bodies.entries == [1, 2])
    }

    @Test func aFailureAfterTheBodyDoesNotRunItAgain() async throws {
        try registry.register { hooks in
            hooks.onEnd(point, id: "broken", onFailure: .fail) { _ in throw Refused() }
            hooks.onEnd(synchronousPoint, id: "broken", onFailure: .fail) { _ in throw Refused() }
        }
        #expect(await call(1) == 2)
        #expect(callSynchronously(2) == 3)
        #expect(bodies.entries == [1, 2])
    }
}
