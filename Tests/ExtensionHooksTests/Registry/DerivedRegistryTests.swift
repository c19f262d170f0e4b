import ExtensionHooks
import Testing

struct DerivedRegistryTests {
    let point = HookPoint<[String], [String]>("derived")

    func function(in registry: HookRegistry) -> Extensible<[String], [String]> {
        Extensible(point, in: registry) { $0 }
    }

    func add(_ id: HookID, to registry: HookRegistry, before: [HookID] = [], after: [HookID] = []) throws
        -> HookRegistration
    {
        try registry.register { hooks in
            hooks.onStart(point, id: id, before: before, after: after) { $0.arguments.append(id.rawValue) }
        }
    }

    @Test func aDerivedRegistryAddsAndDisablesWithoutTouchingItsParent() async throws {
        let parent = HookRegistry()
        _ = try add("a", to: parent)
        _ = try add("b/x", to: parent)
        _ = try add("b/y", to: parent)
        let derived = try parent.derived(disabling: ["b"]) { hooks in
            hooks.onStart(point, id: "c") { $0.arguments.append("c") }
        }
        #expect(try await function(in: derived)([]) == ["a", "c"])
        #expect(try await function(in: parent)([]) == ["a", "b/x", "b/y"])
    }

    @Test func disabledHooksStayListed() throws {
        let parent = HookRegistry()
        _ = try add("a", to: parent)
        _ = try add("b", to: parent)
        let derived = try parent.derived(disabling: ["a"])
        let order = derived.order(of: point)
        #expect(order.map(\.id) == ["b", "a"])
        #expect(order.map(\.isDisabled) == [false, true])
        #expect(order.last?.reason == "disabled")
        #expect(parent.order(of: point).allSatisfy { !$0.isDisabled })
    }

    @Test func everythingInheritedCanBeDisabled() async throws {
        let parent = HookRegistry()
        _ = try add("a", to: parent)
        let derived = try parent.derived(disabling: [.all]) { hooks in
            hooks.onStart(point, id: "own") { $0.arguments.append("own") }
        }
        _ = try add("b", to: parent)
        #expect(try await function(in: derived)([]) == ["own"])
    }

    @Test func onlyTheAskedHooksStartAndAllThatWatchRun() async throws {
        let parent = HookRegistry()
        for id in ["a", "b/x", "b/y", "c"] as [HookID] { _ = try add(id, to: parent) }
        try parent.register { hooks in
            hooks.onStart(point, id: "paired") {
                $0.arguments.append("paired")
            } end: { call in
                call.result = call.result.map { $0 + ["end of pair"] }
            }
            hooks.onEnd(point, id: "watch") { call in call.result = call.result.map { $0 + ["watched"] } }
        }
        let derived = try parent.derived(asking: ["b", "a"])
        #expect(try await function(in: derived)([]) == ["a", "b/x", "b/y", "watched"])
        #expect(derived.order(of: point).filter(\.isDisabled).map(\.id) == ["c", "paired"])
        #expect(try await function(in: try parent.derived(asking: []))([]) == ["watched"])
        #expect(try await function(in: parent)([]).contains("c"))
    }

    @Test func aDerivedRegistryMayReplaceAHookItDisables() async throws {
        let parent = HookRegistry()
        _ = try add("a", to: parent)
        let derived = try parent.derived(disabling: ["a"]) { hooks in
            hooks.onStart(point, id: "a") { $0.arguments.append("mine") }
        }
        #expect(try await function(in: derived)([]) == ["mine"])
        #expect(try await function(in: parent)([]) == ["a"])
    }

    @Test func laterChangesOfTheParentAreFollowedThroughEveryGeneration() async throws {
        let parent = HookRegistry()
        let child = try parent.derived(disabling: ["b"])
        let grandchild = try child.derived { hooks in
            hooks.onStart(point, id: "own") { $0.arguments.append("own") }
        }
        let functions = [parent, child, grandchild].map(function(in:))
        let first = try add("a", to: parent)
        _ = try add("b", to: parent)
        _ = try add("c", to: child)
        var outputs: [[String]] = []
        for function in functions { outputs.append(try await function([])) }
        #expect(outputs == [["a", "b"], ["a", "c"], ["a", "c", "own"]])
        first.cancel()
        outputs = []
        for function in functions { outputs.append(try await function([])) }
        #expect(outputs == [["b"], ["c"], ["c", "own"]])
    }

    @Test func aRegistrationInTheParentThatRepeatsAnIdOfAChildIsRefused() async throws {
        let parent = HookRegistry()
        let child = try parent.derived { hooks in
            hooks.onStart(point, id: "a") { $0.arguments.append("child's a") }
        }
        let error = #expect(throws: HookRegistrationError.self) {
            try parent.register { hooks in
                hooks.onStart(point, id: "a") { _ in }
                hooks.onStart(point, id: "b") { _ in }
            }
        }
        #expect(error?.code == .duplicateID)
        #expect(parent.order(of: point).isEmpty)
        #expect(try await function(in: parent)([]) == [])
        #expect(try await function(in: child)([]) == ["child's a"])
    }

    @Test func aRegistrationInTheParentThatClosesACycleInAGrandchildIsRefused() async throws {
        let parent = HookRegistry()
        let grandchild = try parent.derived()
            .derived { hooks in
                hooks.onStart(point, id: "own", before: ["a"], after: ["b"]) { $0.arguments.append("own") }
            }
        _ = try add("a", to: parent)
        let error = #expect(throws: HookRegistrationError.self) { try add("b", to: parent, after: ["a"]) }
        #expect(error?.code == .cycle)
        #expect(error?.hooks == ["a", "b", "own", "a"])
        #expect(try await function(in: parent)([]) == ["a"])
        #expect(try await function(in: grandchild)([]) == ["own", "a"])
        _ = try add("b", to: parent)
        #expect(try await function(in: grandchild)([]) == ["b", "own", "a"])
    }

    @Test func aChildThatIsGoneForbidsNothing() throws {
        let parent = HookRegistry()
        do { _ = try parent.derived { $0.onStart(point, id: "a") { _ in } } }
        _ = try add("a", to: parent)
    }

    @Test func aDerivationThatFailsLeavesNoTrace() throws {
        let parent = HookRegistry()
        _ = try add("a", to: parent)
        #expect(throws: HookRegistrationError.self) {
            try parent.derived { hooks in
                hooks.onStart(point, id: "b") { _ in }
                hooks.onStart(point, id: "a") { _ in }
            }
        }
        _ = try add("b", to: parent)
        #expect(parent.order(of: point).map(\.id) == ["a", "b"])
    }

    @Test func observersOfTheParentSeeTheChildsCallsAndNotTheOtherWayRound() async throws {
        let parent = HookRegistry()
        let seen = Log<String>()
        try parent.register { hooks in hooks.observe { _ in seen.add("parent's") } }
        let child = try parent.derived { hooks in hooks.observe { _ in seen.add("child's") } }
        _ = try await function(in: parent)([])
        #expect(seen.entries == ["parent's"])
        _ = try await function(in: child)([])
        #expect(seen.entries == ["parent's", "parent's", "child's"])
    }
}
