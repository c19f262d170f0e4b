import ExtensionHooks
import Testing

/// The end halves of calls that do not wait, how deep such calls go, and whose output the caller gets.
struct WithoutWaitingEndTests {
    let registry = HookRegistry()
    let point = HookPoint<Int, Int>("now")
    let log = Log<String>()

    private var site: HookSite<Int, Int> { HookSite(point, in: registry) }

    /// Notes what an end half sees.
    private func note(_ name: String) -> EndAction<Int, Int> {
        { [log] call in
            switch call.result {
            case .success(let value): log.add("\(name) \(value)")
            case .failure(let error): log.add("\(name) \(valueFreeDescription(of: error))")
            }
        }
    }

    @Test func whereAHookWouldWaitTheEndsThatAreOwedSeeIt() throws {
        let end = note("watch")
        let paired = note("paired")
        let unowed = note("unowed")
        try registry.register { hooks in
            hooks.onEnd(point, id: "a/watch", end)
            hooks.onStart(point, id: "b/paired", { _ in }, end: paired)
            hooks.onStart(point, id: "c/vault") { _ in await Task.yield() }
            hooks.onStart(point, id: "d/unowed", { _ in }, end: unowed)
        }
        #expect(try site.callWithoutWaiting(1) { $0 } == nil)
        #expect(
            log.entries == ["paired hook 'c/vault' would have to wait", "watch hook 'c/vault' would have to wait"]
        )
    }

    @Test func anEndThatRecoversDoesNotMakeUpTheAnswer() throws {
        try registry.register { hooks in
            hooks.onStart(point, id: "vault") { _ in await Task.yield() }
            hooks.onEnd(point, id: "recover") { call in
                #expect((call.result.failure as? HookWouldWait)?.hook == "vault")
                #expect(call.answeredBy == .hook("vault"))
                call.result = .success(0)
            }
        }
        #expect(try site.callWithoutWaiting(1) { $0 } == nil)
    }

    @Test func whereAnEndWouldWaitNothingRunsAtAll() throws {
        let end = note("watch")
        try registry.register { [log] hooks in
            hooks.onStart(point, id: "a") { _ in log.add("start") }
            hooks.onEnd(point, id: "b", end)
            hooks.onEnd(point, id: "c") { _ in await Task.yield() }
            hooks.observe { log.add($0.point) }
        }
        #expect(try site.callWithoutWaiting(1) { $0 } == nil)
        #expect(log.entries.isEmpty)
    }

    @Test func anEndReplacesWatchesOrTakesTheAnswerAway() throws {
        try registry.register { hooks in hooks.onStart(point, id: "rewrite") { $0.arguments = 5 } }
        try registry.register { hooks in hooks.onEnd(point, id: "a-watch", note("watch")) }
        let broken = try registry.register { hooks in hooks.onEnd(point, id: "broken") { _ in throw TestFailure() } }
        let replaced = try registry.register { hooks in
            hooks.onEnd(point, id: "replace") { call in call.result = call.result.map { $0 * 2 } }
        }
        let outcome = try #require(try site.callWithoutWaiting(1) { $0 })
        #expect(outcome.output == 10 && outcome.answeredBy == .hook("replace") && outcome.arguments == 5)
        #expect(log.entries == ["watch 10"])
        replaced.cancel()
        broken.cancel()
        #expect(try site.callWithoutWaiting(1) { $0 }?.answeredBy == .body)
        try registry.register { hooks in
            hooks.onEnd(point, id: "strict", onFailure: .fail) { _ in throw TestFailure() }
        }
        #expect(throws: HookError.self) { try site.callWithoutWaiting(1) { $0 } }
    }

    /// Such a call needs no `await`, so a hook that cannot wait can make one, of its own point too.
    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func aHookThatCallsItsOwnPointIsStopped(isAttempt: Bool) async throws {
        let registry = HookRegistry(maximumDepth: 4)
        let site = HookSite(point, in: registry)
        let depths = Log<Int>()
        try registry.register { hooks in
            hooks.observe { depths.add($0.depth) }
            if isAttempt {
                hooks.onStart(point, id: "loop") { call in
                    call.result = .success(try site.callWithoutWaiting(call.arguments) { $0 }?.output ?? 0)
                    return true
                } otherwise: { _ in
                    Issue.record("it was done")
                }
            } else {
                hooks.onStart(point, id: "loop") { call in
                    call.result = .success(try site.callWithoutWaiting(call.arguments) { $0 }?.output ?? 0)
                }
            }
        }
        let error = #expect(throws: HookRecursionError.self) { try site.callWithoutWaiting(1) { $0 } }
        #expect(error?.limit == 4)
        #expect(depths.entries == [3, 2, 1, 0])
        await #expect(throws: HookRecursionError.self) { try await site(1) { $0 } }
    }

    @Test func anEndHookThatCallsItsOwnPointIsStoppedToo() throws {
        let site = site
        try registry.register { hooks in
            hooks.onEnd(point, id: "loop", onFailure: .fail) { call in
                call.result = .success(try site.callWithoutWaiting(call.arguments) { $0 }?.output ?? 0)
            }
        }
        #expect(throws: HookRecursionError.self) { try site.callWithoutWaiting(1) { $0 } }
    }

    @Test func anOutcomeHasTheArgumentsAsStartHooksLeftThem() async throws {
        try registry.register { hooks in hooks.onStart(point, id: "now") { $0.arguments += 1 } }
        try registry.register { hooks in
            hooks.onStart(point, id: "waits") { call in
                await Task.yield()
                call.arguments += 10
            }
        }
        let own = try await site.callReportingSource(1) { $0 * 2 }
        #expect(own.output == 24 && own.arguments == 12 && own.answeredBy == .body)
        try registry.register { hooks in
            hooks.onStart(point, id: "waits-more", priority: 200) { _ in
                false
            } otherwise: { call in
                await Task.yield()
                call.arguments = 7
                call.result = .success(0)
            }
        }
        let hooked = try await site.callReportingSource(1) { $0 * 2 }
        #expect(hooked.output == 0 && hooked.arguments == 7 && hooked.answeredBy == .hook("waits-more"))
    }
}
