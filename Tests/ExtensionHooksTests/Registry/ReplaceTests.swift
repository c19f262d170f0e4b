import ExtensionHooks
import Synchronization
import Testing

@Suite("Putting one set of hooks in the place of another")
struct ReplaceTests {
    private let point = HookPoint<[String], [String]>("replaced")
    private let registry = HookRegistry()

    private func adding(_ ids: HookID...) -> (inout HookBundle) -> Void {
        { hooks in for id in ids { hooks.onStart(point, id: id) { $0.arguments.append(id.rawValue) } } }
    }

    private func call() async throws -> [String] { try await Extensible(point, in: registry) { $0 }([]) }

    @Test("The token then stands for the new set")
    func token() async throws {
        let registration = try registry.register(adding("a", "b"))
        #expect(try registration.replace(adding("b", "c")))
        #expect(try await call() == ["b", "c"])
        registration.cancel()
        #expect(try await call() == [])
    }

    @Test("A set that cannot be registered leaves the old one")
    func refused() async throws {
        try registry.register(adding("other"))
        let registration = try registry.register(adding("a"))
        #expect(throws: HookRegistrationError.self) { try registration.replace(adding("b", "other")) }
        #expect(throws: CancellationError.self) { try registration.replace { _ in throw CancellationError() } }
        #expect(try await call() == ["a", "other"])
        #expect(try registration.replace(adding("b")))
        #expect(try await call() == ["b", "other"])
    }

    @Test("A cancelled set cannot be replaced, nor one whose registry is gone")
    func gone() async throws {
        let registration = try registry.register(adding("a"))
        registration.cancel()
        #expect(try !registration.replace(adding("b")))
        #expect(try await call() == [])
        let lost = try HookRegistry().register(adding("a"))
        #expect(try !lost.replace(adding("b")))
    }

    @Test("A derived registry and a running call keep to their rules")
    func derived() async throws {
        let registration = try registry.register(adding("a"))
        let derived = Extensible(point, in: try registry.derived(disabling: ["b"])) { $0 }
        try registry.onStart(point, id: "swap", priority: 1) { call in
            call.arguments.append("swap")
            _ = try registration.replace(adding("b", "c"))
        }
        #expect(try await call() == ["swap", "a"])
        #expect(try await call() == ["swap", "b", "c"])
        #expect(try await derived([]) == ["swap", "c"])
    }

    @Test("A call sees one whole set, whoever replaces it meanwhile")
    func whole() async throws {
        let registration = try registry.register(adding("a/1", "a/2"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 1...500 {
                    try registration.replace(round.isMultiple(of: 2) ? adding("a/1", "a/2") : adding("b/1", "b/2"))
                }
            }
            for _ in 1...3 {
                group.addTask {
                    for _ in 1...500 {
                        let seen = try await call()
                        #expect(seen == ["a/1", "a/2"] || seen == ["b/1", "b/2"])
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
