import ExtensionHooks
import KeyHooksTesting
import Testing

/// What observers see of hooks that attempt first, and of points that are not observed.
struct AttemptRecordTests {
    let clock = ManualClock()
    let records = Log<CallRecord>()
    let point = HookPoint<String, String>("attempted")

    /// A hook that knows "kept", fails for "broken", and has to wait 2 s for anything else.
    private func registry() throws -> HookRegistry {
        let registry = HookRegistry(clock: clock)
        try registry.register { hooks in hooks.observe { [records] in records.add($0) } }
        try registry.register { [clock] hooks in
            hooks.onStart(point, id: "a/first") { _ in }
            hooks.onStart(point, id: "b/cache") { call in
                clock.advance(by: .seconds(1))
                if call.arguments == "broken" { throw TidyError() }
                guard call.arguments == "kept" else { return false }
                call.result = .success("at once")
                return true
            } otherwise: { call in
                clock.advance(by: .seconds(2))
                await Task.yield()
                if call.arguments == "down" { throw TidyError() }
                call.result = .success("later")
            }
            hooks.onStart(point, id: "c/last") { _ in }
        }
        return registry
    }

    struct Row: Sendable {
        let argument: String
        let seconds: Int
        var failure: String?
        let thrown: String?
    }

    static let failed = "hook 'b/cache' failed in the start phase of 'attempted': the disk is full"

    @Test(arguments: [
        Row(argument: "kept", seconds: 1, thrown: nil),
        Row(argument: "new", seconds: 2, thrown: nil),
        Row(argument: "broken", seconds: 1, failure: "the disk is full", thrown: failed),
        Row(argument: "down", seconds: 2, failure: "the disk is full", thrown: failed),
    ])
    func itIsOnRecordOnceWithTheClosureThatCounted(row: Row) async throws {
        let function = Extensible(point, in: try registry()) { $0 }
        _ = try? await function(row.argument)
        let record = try #require(records.entries.first)
        #expect(records.entries.count == 1)
        #expect(record.hooks.map(\.hook) == ["a/first", "b/cache"])
        #expect(record.hooks.last?.duration == .seconds(row.seconds))
        #expect(record.hooks.last?.failure == row.failure)
        #expect(record.answeredBy == .hook("b/cache"))
        #expect(record.failure == row.thrown)
        #expect(record.bodyDuration == nil)
    }

    @Test func anAttemptThatChangedTheArgumentsIsARewrite() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.observe { [records] in records.add($0) } }
        let function = Extensible(point, in: registry) { $0 }
        try registry.register { hooks in
            hooks.onStart(point, id: "cache") { call in
                call.arguments = "changed"
                return true
            } otherwise: { _ in
                Issue.record("it was done")
            }
        }
        #expect(try await function("new") == "changed")
        #expect(records.entries.first?.rewrites.map(\.hook) == ["cache"])
    }

    @Test(arguments: [("kept", nil), ("new", "hook 'b/cache' would have to wait")])
    func aCallWithoutWaitingIsOnRecordToo(argument: String, thrown: String?) throws {
        let site = HookSite(point, in: try registry())
        let answer = try site.callWithoutWaiting(argument) { $0 }
        let record = try #require(records.entries.first)
        #expect(record.hooks.map(\.hook) == (answer == nil ? ["a/first"] : ["a/first", "b/cache"]))
        // Where it would have to wait it ended the call as well: the body did not run.
        #expect(record.answeredBy == .hook("b/cache"))
        #expect(record.failure == thrown)
        #expect(record.bodyDuration == nil && record.depth == 0)
    }
}
