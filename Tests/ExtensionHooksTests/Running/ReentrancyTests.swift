import ExtensionHooks
import Testing

struct ReentrancyTests {
    let point = HookPoint<Int, Int>("loop")

    @Test(arguments: [1, 2, 16])
    func aStartHookThatCallsItsOwnPointIsStopped(limit: Int) async throws {
        let registry = HookRegistry(maximumDepth: limit)
        let calls = Log<Int>()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { call in
                calls.add(call.arguments)
                call.result = .success(try await function(call.arguments + 1))
            }
        }
        // It comes up as it is, through however many levels.
        let error = await #expect(throws: HookRecursionError.self) { try await function(0) }
        #expect(error?.point == "loop")
        #expect(error?.limit == limit)
        #expect(calls.entries == Array(0..<limit))
    }

    @Test(arguments: [1, 2, 16])
    func aSynchronousHookThatCallsItsOwnPointIsStopped(limit: Int) throws {
        let registry = HookRegistry(maximumDepth: limit)
        let calls = Log<Int>()
        let point = SynchronousHookPoint<Int, Int>("loop")
        let function = SynchronousExtensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { call in
                calls.add(call.arguments)
                call.result = .success(try function(call.arguments + 1))
            }
        }
        let error = #expect(throws: HookRecursionError.self) { try function(0) }
        #expect(error?.limit == limit)
        #expect(calls.entries == Array(0..<limit))
    }

    @Test(arguments: [1, 2, 16])
    func anEndHookThatCallsItsOwnPointIsStopped(limit: Int) async throws {
        let registry = HookRegistry(maximumDepth: limit)
        let calls = Log<Int>()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onEnd(point, id: "a", onFailure: .fail) { call in
                calls.add(call.arguments)
                _ = try await function(call.arguments + 1)
            }
        }
        // Unwrapped here as well: a HookError in a HookError for each level would bury it.
        let error = await #expect(throws: HookRecursionError.self) { try await function(0) }
        #expect(error?.limit == limit)
        #expect(calls.entries == Array(0..<limit))
    }

    @Test(arguments: [1, 2, 16])
    func anEndHookThatCallsItsOwnPointIsStoppedAndRecordedUnderContinue(limit: Int) async throws {
        let registry = HookRegistry(maximumDepth: limit)
        let calls = Log<Int>()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onEnd(point, id: "a") { call in
                calls.add(call.arguments)
                _ = try await function(call.arguments + 1)
            }
        }
        #expect(try await function(0) == 0)
        #expect(calls.entries == Array(0..<limit))
    }

    @Test func twoPointsThatCallEachOtherAreStopped() async throws {
        let registry = HookRegistry(maximumDepth: 6)
        let ping = HookPoint<Int, Int>("ping")
        let pong = HookPoint<Int, Int>("pong")
        let calls = Log<String>()
        let pinging = Extensible(ping, in: registry) { $0 }
        let ponging = Extensible(pong, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(ping, id: "a") { call in
                calls.add("ping")
                call.result = .success(try await ponging(0))
            }
        }
        try registry.register { hooks in
            hooks.onStart(pong, id: "a") { call in
                calls.add("pong")
                call.result = .success(try await pinging(0))
            }
        }
        let error = await #expect(throws: HookRecursionError.self) { try await pinging(0) }
        #expect(error?.point == "ping")
        #expect(calls.entries == ["ping", "pong", "ping", "pong", "ping", "pong"])
    }

    @Test func theLevelEndsWithTheHook() async throws {
        let registry = HookRegistry(maximumDepth: 2)
        let inner = Extensible(HookPoint<Int, Int>("inner"), in: registry) { $0 }
        let records = Log<CallRecord>()
        try registry.register { hooks in hooks.observe { records.add($0) } }
        let function = Extensible(point, in: registry) { try await inner($0) }
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { _ in
                _ = try await inner(0)
            } end: { _ in
                _ = try await inner(0)
            }
        }
        for _ in 0..<20 { #expect(try await function(1) == 1) }
        let depths = records.entries.filter { $0.point == "inner" }.map(\.depth)
        // Within the start half, within the body, within the end half.
        #expect(depths.prefix(3) == [1, 0, 1])
        #expect(depths.count == 60)
    }

    @Test func tasksThatAHookStartsInheritTheLevel() async throws {
        let registry = HookRegistry(maximumDepth: 3)
        let calls = Log<Int>()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { call in
                calls.add(call.arguments)
                let argument = call.arguments + 1
                call.result = .success(try await Task { try await function(argument) }.value)
            }
        }
        await #expect(throws: HookRecursionError.self) { try await function(0) }
        #expect(calls.entries == [0, 1, 2])
    }

    @Test func anObserverThatCallsAPointItObservesIsStopped() throws {
        let registry = HookRegistry(maximumDepth: 4)
        let point = SynchronousHookPoint<Int, Int>("observed")
        let function = SynchronousExtensible(point, in: registry) { $0 }
        let outcomes = Log<Bool>()
        try registry.register { hooks in hooks.observe { _ in outcomes.add((try? function(1)) != nil) } }
        #expect(try function(1) == 1)
        #expect(outcomes.entries == [false, true, true, true])
    }

    @Test func endHooksOfCompletedStartsRunWhenTheRestIsRefused() async throws {
        let registry = HookRegistry(maximumDepth: 1)
        let ends = Log<String>()
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { _ in
            } end: { _ in
                ends.add("a")
            }
            hooks.onStart(point, id: "b") { call in call.result = .success(try await function(1)) }
        }
        await #expect(throws: HookRecursionError.self) { try await function(0) }
        #expect(ends.entries == ["a", "a"])
    }
}
