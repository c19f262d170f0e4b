import ExtensionHooks
import Testing

/// Many tasks call while others register, cancel, derive, pin and observe.
///
/// Meant for the thread sanitizer as well.
struct RegistryStressTests {
    static let rounds = 200
    let point = HookPoint<[Int], [Int]>("busy")

    /// Each hook appends its number; a bundle is three hooks in a row whose end halves append the same numbers negated.
    private func add(_ bundle: Int, to hooks: inout HookBundle) {
        for step in 1...3 {
            let number = bundle * 10 + step
            let after: [HookID] = step == 1 ? [] : [HookID("b\(bundle)/\(step - 1)")]
            let id = HookID("b\(bundle)/\(step)")
            if step == 2 {
                hooks.onStart(point, id: id, priority: bundle, after: after) { call in
                    await Task.yield()
                    call.arguments.append(number)
                } end: { call in
                    await Task.yield()
                    call.result = call.result.map { $0 + [-number] }
                }
            } else {
                hooks.onStart(point, id: id, priority: bundle, after: after) { call in
                    call.arguments.append(number)
                } end: { call in
                    call.result = call.result.map { $0 + [-number] }
                }
            }
        }
    }

    /// Whether an output is that of one snapshot: whole bundles, in order, each start with its own end.
    static func isWhole(_ output: [Int]) -> Bool {
        let starts = output.filter { $0 > 0 }
        let ends = output.filter { $0 < 0 }
        let bundles = Set(starts.map { $0 / 10 })
        let expected = bundles.sorted().flatMap { bundle in (1...3).map { bundle * 10 + $0 } }
        return starts == expected && ends == expected.reversed().map { -$0 } && output == starts + ends
    }

    @Test func everyCallUsesOneSnapshot() async throws {
        let registry = HookRegistry()
        let function = Extensible(point, in: registry) { $0 }
        let records = Log<CallRecord>()
        try registry.register { add(5, to: &$0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for bundle in [1, 2, 8, 9] {
                group.addTask {
                    for _ in 0..<Self.rounds {
                        let registration = try registry.register { add(bundle, to: &$0) }
                        await Task.yield()
                        registration.cancel()
                        registration.cancel()
                    }
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<Self.rounds {
                        let output = try await function([])
                        #expect(Self.isWhole(output) && output.contains(51), "\(output)")
                    }
                }
            }
            group.addTask {
                for round in 0..<Self.rounds {
                    let derived = try registry.derived(disabling: ["b5"]) { hooks in
                        hooks.onStart(point, id: "own", priority: -1) { $0.arguments = [] }
                    }
                    let output = try await Extensible(point, in: derived) { $0 }([round])
                    #expect(Self.isWhole(output) && !output.contains(51), "\(output)")
                }
            }
            group.addTask {
                for _ in 0..<Self.rounds {
                    let observer = try registry.register { hooks in
                        hooks.observe { record in
                            #expect(record.hooks.count { $0.hook != "own" }.isMultiple(of: 6))
                            records.add(record)
                        }
                    }
                    _ = try await function([])
                    observer.cancel()
                }
            }
            group.addTask {
                for _ in 0..<Self.rounds {
                    let ids = registry.order(of: point).map(\.id)
                    #expect(ids.count.isMultiple(of: 3) && Set(ids).count == ids.count)
                    // It matches nothing, so that the order stays what it is while everything is published again.
                    try registry.pinOrder(["nobody"])
                    await Task.yield()
                }
            }
            try await group.waitForAll()
        }
        #expect(records.entries.count >= Self.rounds)
        #expect(try await function([]) == [51, 52, 53, -53, -52, -51])
    }

    @Test func oneOfManyRegistrationsOfTheSameIdSucceeds() async throws {
        let registry = HookRegistry()
        for _ in 0..<Self.rounds {
            let tokens = await withTaskGroup(of: HookRegistration?.self) { group in
                for _ in 0..<4 { group.addTask { try? registry.register { add(1, to: &$0) } } }
                return await group.reduce(into: []) { $0.append($1) }.compactMap(\.self)
            }
            #expect(tokens.count == 1)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { for token in tokens { token.cancel() } } }
            }
            #expect(registry.order(of: point).isEmpty)
        }
    }

    @Test func aChangeThatHasReturnedIsSeenByEveryTask() async throws {
        let registry = HookRegistry()
        let function = Extensible(point, in: registry) { $0 }
        for _ in 0..<Self.rounds {
            let registration = try registry.register { add(1, to: &$0) }
            let outputs = try await outputs(of: function)
            #expect(outputs == [[11, 12, 13, -13, -12, -11]])
            registration.cancel()
            #expect(try await self.outputs(of: function) == [[]])
        }
    }

    /// What some tasks on several threads get.
    private func outputs(of function: Extensible<[Int], [Int]>) async throws -> Set<[Int]> {
        try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<8 { group.addTask { try await function([]) } }
            return try await group.reduce(into: []) { $0.insert($1) }
        }
    }

    @Test func synchronousCallsUseOneSnapshotToo() async throws {
        let registry = HookRegistry()
        let point = SynchronousHookPoint<[Int], [Int]>("busy")
        let function = SynchronousExtensible(point, in: registry) { $0 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for bundle in 1...3 {
                group.addTask {
                    for _ in 0..<Self.rounds {
                        let registration = try registry.register { hooks in
                            for step in 1...3 {
                                let number = bundle * 10 + step
                                hooks.onStart(point, id: HookID("b\(bundle)/\(step)"), priority: bundle) { call in
                                    call.arguments.append(number)
                                } end: { call in
                                    call.result = call.result.map { $0 + [-number] }
                                }
                            }
                        }
                        await Task.yield()
                        registration.cancel()
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<(4 * Self.rounds) {
                        let output = try function([])
                        #expect(Self.isWhole(output), "\(output)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(!function.isUsed)
    }

    @Test func derivedRegistriesComeAndGoWhileTheirParentChanges() async throws {
        let registry = HookRegistry()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<3 {
                group.addTask {
                    for _ in 0..<Self.rounds {
                        let child = try registry.derived()
                        let grandchild = try child.derived { add(task + 6, to: &$0) }
                        let output = try await Extensible(point, in: grandchild) { $0 }([])
                        #expect(Self.isWhole(output) && output.contains((task + 6) * 10 + 1), "\(output)")
                    }
                }
            }
            group.addTask {
                for _ in 0..<Self.rounds {
                    let registration = try registry.register { add(1, to: &$0) }
                    await Task.yield()
                    registration.cancel()
                }
            }
            try await group.waitForAll()
        }
    }
}
