import ExtensionHooks
import Testing

/// The short forms of registering one hook, for both kinds of point.
struct ShortFormTests {
    struct Refused: Error {}

    let registry = HookRegistry()

    @Test func aSynchronousPointTakesStartAndEndHooks() throws {
        let point = SynchronousHookPoint<Int, Int>("short")
        let function = SynchronousExtensible(point, in: registry) { $0 + 1 }
        let start = try registry.register { hooks in hooks.onStart(point, id: "a") { $0.arguments *= 10 } }
        let end = try registry.register { hooks in
            hooks.onEnd(point, id: "b") { call in call.result = call.result.map { -$0 } }
        }
        #expect(try function(2) == -21)
        start.cancel()
        #expect(try function(2) == -3)
        end.cancel()
        #expect(try function(2) == 3)
    }

    @Test func aFailurePolicyHoldsInTheShortForm() async throws {
        let point = HookPoint<Int, Int>("short")
        let function = Extensible(point, in: registry) { $0 + 1 }
        try registry.register { hooks in
            hooks.onStart(point, id: "lenient", onFailure: .continue) { _ in throw Refused() }
        }
        #expect(try await function(1) == 2)
        try registry.register { hooks in hooks.onEnd(point, id: "strict", onFailure: .fail) { _ in throw Refused() } }
        await #expect(throws: HookError.self) { try await function(1) }
    }
}
