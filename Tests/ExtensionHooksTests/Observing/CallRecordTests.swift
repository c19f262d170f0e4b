import ExtensionHooks
import KeyHooksTesting
import Testing

struct CallRecordTests {
    @Test(arguments: HookKind.allCases)
    func aRecordSaysWhoRanRewroteAnsweredAndReplaced(kind: HookKind) async throws {
        let records = Log<CallRecord>()
        let subject = Subject<[String], Int>(
            kind,
            describeRewrite: { old, new in old == new ? [] : ["count \(old.count) to \(new.count)"] },
            body: { $0.count }
        )
        try subject.registry.register { hooks in hooks.observe { records.add($0) } }
        try subject.register { hooks in
            hooks.start("a") { $0.arguments.append("x") }
            hooks.start("b") { $0.arguments.reverse() }
            hooks.start("c", onFailure: .continue) { _ in throw TestFailure() }
            hooks.end("d") { $0.result = .success(9) }
            hooks.end("e") { _ in throw TidyError() }
        }
        #expect(try await subject([]) == 9)
        let record = try #require(records.entries.first)
        #expect(record.point == "subject")
        #expect(record.depth == 0)
        #expect(record.hooks.map(\.hook) == ["a", "b", "c", "e", "d"])
        #expect(record.hooks.map(\.phase) == [.start, .start, .start, .end, .end])
        #expect(
            record.hooks.map(\.failure)
                == [nil, nil, String(reflecting: TestFailure.self), "the disk is full", nil]
        )
        // "b" took write access and changed nothing that the point can name.
        #expect(record.rewrites.map(\.hook) == ["a"])
        #expect(record.rewrites.map(\.changes) == [["count 0 to 1"]])
        #expect(record.answeredBy == .body)
        #expect(record.replacedBy == ["d"])
        #expect(record.failure == nil && !record.isCancelled)
        #expect(record.bodyDuration != nil)
    }

    @Test(arguments: HookKind.allCases)
    func aRecordNamesTheHookThatAnsweredOrFailed(kind: HookKind) async throws {
        let records = Log<CallRecord>()
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.registry.register { hooks in hooks.observe { records.add($0) } }
        try subject.register { hooks in
            hooks.start("a")
            hooks.start("b") { call in
                if call.arguments == 0 { call.result = .success(1) }
                if call.arguments == 1 { call.result = .failure(TestFailure()) }
                throw TidyError()
            }
        }
        for argument in 0...2 { _ = await subject.result(argument) }
        #expect(records.entries.map(\.answeredBy) == [.hook("b"), .hook("b"), .hook("b")])
        #expect(records.entries.allSatisfy { $0.bodyDuration == nil })
        #expect(
            records.entries.last?.failure == "hook 'b' failed in the start phase of 'subject': the disk is full"
        )
        #expect("\(CallSource.hook("b")), \(CallSource.body)" == "hook 'b', the body")
    }

    @Test func durationsAreTakenFromTheRegistrysClock() async throws {
        let clock = ManualClock()
        let records = Log<CallRecord>()
        let registry = HookRegistry(clock: clock)
        let point = HookPoint<Int, Int>("timed")
        let function = Extensible(point, in: registry) { argument in
            clock.advance(by: .seconds(2))
            return argument
        }
        try registry.register { hooks in hooks.observe { records.add($0) } }
        try registry.register { hooks in
            hooks.onStart(point, id: "a") { _ in
                clock.advance(by: .seconds(1))
            } end: { _ in
                clock.advance(by: .seconds(4))
            }
            hooks.onStart(point, id: "b") { _ in
                await Task.yield()
                clock.advance(by: .seconds(8))
            } end: { _ in
                await Task.yield()
                clock.advance(by: .seconds(16))
            }
        }
        _ = try await function(1)
        let record = try #require(records.entries.first)
        #expect(record.hooks.map(\.duration) == [1, 8, 16, 4].map { .seconds($0) })
        #expect(record.bodyDuration == .seconds(2))
        #expect(record.duration == .seconds(31))
    }

    @Test func aCallThatReportsItsSourceNamesTheLastHookThatSetTheOutput() async throws {
        let registry = HookRegistry()
        let point = HookPoint<Int, Int>("reported")
        let site = HookSite(point, in: registry)
        func source() async throws -> CallSource { try await site.callReportingSource(1) { $0 }.answeredBy }
        #expect(try await source() == .body)
        try registry.register { hooks in hooks.onEnd(point, id: "watch") { _ in } }
        #expect(try await source() == .body)
        let start = try registry.register { hooks in hooks.onStart(point, id: "answer") { $0.result = .success(2) } }
        #expect(try await source() == .hook("answer"))
        try registry.register { hooks in
            hooks.onEnd(point, id: "failing") { call in
                call.result = .success(0)
                throw TestFailure()
            }
        }
        #expect(try await source() == .hook("answer"))
        try registry.register { hooks in hooks.onEnd(point, id: "replace") { $0.result = .success(3) } }
        #expect(try await source() == .hook("replace"))
        start.cancel()
        let outcome = try await site.callReportingSource(1) { $0 }
        #expect(outcome.output == 3)
        #expect(outcome.answeredBy == .hook("replace"))
    }
}
