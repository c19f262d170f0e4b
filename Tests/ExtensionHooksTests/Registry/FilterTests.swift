import ExtensionHooks
import Testing

/// A filter holds for every kind of hook, and the engine checks it without calling the hook.
struct FilterTests {
    enum Way: CaseIterable, Sendable {
        case start, waitingStart, attempting, pair, waitingPair, end, waitingEnd
    }

    let point = HookPoint<Int, Int>("filtered")
    let even = HookFilter<Int>("for even numbers") { number, _ in number.isMultiple(of: 2) }
    let calls = Log<String>()

    private func add(_ way: Way, id: HookID = "a", to hooks: inout HookBundle) {
        let filter = even
        switch way {
        case .start: hooks.onStart(point, id: id, filter: filter) { [calls] _ in calls.add("start") }
        case .waitingStart:
            hooks.onStart(point, id: id, filter: filter) { [calls] _ in
                await Task.yield()
                calls.add("start")
            }
        case .attempting:
            hooks.onStart(point, id: id, filter: filter) { [calls] _ in
                calls.add("attempt")
                return false
            } otherwise: { [calls] _ in
                calls.add("start")
            } end: { [calls] _ in
                calls.add("end")
            }
        case .pair:
            hooks.onStart(point, id: id, filter: filter) { [calls] _ in
                calls.add("start")
            } end: { [calls] _ in
                calls.add("end")
            }
        case .waitingPair:
            hooks.onStart(point, id: id, filter: filter) { [calls] _ in
                await Task.yield()
                calls.add("start")
            } end: { [calls] _ in
                await Task.yield()
                calls.add("end")
            }
        case .end: hooks.onEnd(point, id: id, filter: filter) { [calls] _ in calls.add("end") }
        case .waitingEnd:
            hooks.onEnd(point, id: id, filter: filter) { [calls] _ in
                await Task.yield()
                calls.add("end")
            }
        }
    }

    private static let expected: [Way: [String]] = [
        .start: ["start"], .waitingStart: ["start"], .attempting: ["attempt", "start", "end"],
        .pair: ["start", "end"], .waitingPair: ["start", "end"], .end: ["end"], .waitingEnd: ["end"],
    ]

    @Test(arguments: Way.allCases)
    func aHookOfAnyKindRunsOnlyWhereItsFilterMatches(way: Way) async throws {
        let registry = HookRegistry()
        let records = Log<CallRecord>()
        try registry.register { hooks in
            add(way, to: &hooks)
            hooks.observe { records.add($0) }
        }
        let function = Extensible(point, in: registry) { $0 }
        #expect(try await function(1) == 1)
        #expect(calls.entries.isEmpty)
        #expect(records.entries.map(\.hooks.count) == [0])
        #expect(try await function(2) == 2)
        #expect(calls.entries == Self.expected[way])
        #expect(registry.order(of: point, for: 1).map(\.exclusion) == ["for even numbers"])
        #expect(registry.order(of: point, for: 1).map(\.reason) == ["for even numbers"])
        #expect(registry.order(of: point, for: 2).map(\.exclusion) == [nil])
        #expect(registry.order(of: point).map(\.reason) == ["priority 100"])
    }

    @Test func aHookOfASynchronousPointRunsOnlyWhereItsFilterMatches() throws {
        let registry = HookRegistry()
        let point = SynchronousHookPoint<Int, Int>("filtered")
        try registry.register { hooks in
            hooks.onStart(point, id: "pair", filter: even) { _ in
                calls.add("start")
            } end: { _ in
                calls.add("end")
            }
            hooks.onEnd(point, id: "end", filter: even) { _ in calls.add("watched") }
        }
        let function = SynchronousExtensible(point, in: registry) { $0 }
        #expect(try function(1) == 1)
        #expect(calls.entries.isEmpty)
        #expect(try function(2) == 2)
        #expect(calls.entries == ["start", "end", "watched"])
        #expect(registry.order(of: point, for: 1).allSatisfy { $0.exclusion == "for even numbers" })
    }

    @Test(arguments: [Way.pair, .waitingPair, .attempting])
    func theEndOfAnExcludedStartIsNotOwedWhateverTheArgumentsBecome(way: Way) async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            add(way, to: &hooks)
            hooks.onStart(point, id: "b") { $0.arguments += 1 }
            hooks.onEnd(point, id: "c", filter: even) { _ in calls.add("own end") }
        }
        #expect(try await Extensible(point, in: registry) { $0 }(1) == 2)
        #expect(calls.entries == ["own end"])
    }

    @Test func aFilterIsAskedForThePhaseAndTheArgumentsOfThatMoment() async throws {
        let registry = HookRegistry()
        let asked = Log<String>()
        let filter = HookFilter<Int>("never") { number, phase in
            asked.add("\(phase) \(number)")
            return false
        }
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { $0.arguments = 7 }
            hooks.onStart(point, id: "b", filter: filter) { _ in await Task.yield() }
            hooks.onEnd(point, id: "c", filter: filter) { _ in }
        }
        #expect(try await Extensible(point, in: registry) { $0 }(1) == 7)
        #expect(asked.entries == ["start 7", "end 7"])
    }

    @Test func aCallWithoutWaitingPassesAHookThatWouldWaitForOtherArguments() throws {
        let registry = HookRegistry()
        try registry.register { hooks in add(.waitingStart, to: &hooks) }
        let site = HookSite(point, in: registry)
        #expect(try site.callWithoutWaiting(1) { $0 }?.output == 1)
        #expect(try site.callWithoutWaiting(2) { $0 } == nil)
    }
}
