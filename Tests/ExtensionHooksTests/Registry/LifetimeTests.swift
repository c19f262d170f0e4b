import ExtensionHooks
import Testing

/// A call site keeps its registry in force, also when nobody else holds it.
struct LifetimeTests {
    let point = HookPoint<Int, Int>("kept")
    let synchronousPoint = SynchronousHookPoint<Int, Int>("kept")

    @Test func aFunctionFollowsTheParentOfADerivedRegistryThatNobodyHolds() async throws {
        let parent = HookRegistry()
        let function = Extensible(point, in: try parent.derived()) { $0 }
        let synchronous = SynchronousExtensible(synchronousPoint, in: try parent.derived()) { $0 }
        let registration = try parent.register { hooks in
            hooks.onStart(point, id: "a") { $0.arguments += 1 }
            hooks.onStart(synchronousPoint, id: "a") { $0.arguments += 1 }
        }
        #expect(try await function(1) == 2)
        #expect(try synchronous(1) == 2)
        registration.cancel()
        #expect(try await function(1) == 1)
        #expect(try synchronous(1) == 1)
    }

    @Test func aTokenWorksAfterTheRegistryItselfIsOutOfSight() async throws {
        func make() throws -> (Extensible<Int, Int>, HookRegistration) {
            let registry = HookRegistry()
            let registration = try registry.register { hooks in hooks.onStart(point, id: "a") { $0.arguments += 1 } }
            return (Extensible(point, in: registry) { $0 }, registration)
        }
        let (function, registration) = try make()
        #expect(try await function(1) == 2)
        registration.cancel()
        #expect(try await function(1) == 1)
    }

    @Test func aHookMayOwnAFunctionOfADerivedRegistry() async throws {
        let registry = HookRegistry()
        let function = Extensible(point, in: registry) { $0 }
        let inner = Extensible(point, in: try registry.derived(disabling: ["a"])) { $0 * 10 }
        let registration = try registry.register { hooks in
            hooks.onStart(point, id: "a") { $0.result = .success(try await inner($0.arguments)) }
        }
        #expect(try await function(1) == 10)
        registration.cancel()
        #expect(try await function(1) == 1)
    }

    @Test func hooksAreReleasedWithTheirRegistration() async throws {
        final class Resource: Sendable {}
        let registry = HookRegistry()
        let function = Extensible(point, in: registry) { $0 }
        weak var resource: Resource?
        do {
            let owned = Resource()
            resource = owned
            let registration = try registry.register { hooks in hooks.onStart(point, id: "a") { _ in _ = owned } }
            _ = try await function(1)
            registration.cancel()
        }
        #expect(resource == nil)
    }
}
