import ExtensionHooks
import Testing

/// Calling an asynchronous point from code that cannot wait.
struct WithoutWaitingTests {
    /// A hook of a chain; none of those that would wait may run.
    enum Link: Sendable {
        case passes, answers, denies, fails, isSkipped, rewrites
        case attemptAnswers, attemptPasses, attemptFails, attemptIsSkipped
        case waits, attemptWaits, waitsAtTheEnd
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let chain: [Link]
        let outcome: String

        var testDescription: String { "\(chain): \(outcome)" }
    }

    static let rows = [
        Row(chain: [], outcome: "body by the body for 1"),
        Row(chain: [.passes], outcome: "body by the body for 1"),
        Row(chain: [.rewrites, .attemptPasses], outcome: "body by the body for 11"),
        Row(chain: [.answers], outcome: "hook by hook '0' for 1"),
        Row(chain: [.passes, .rewrites, .answers, .waits], outcome: "hook by hook '2' for 11"),
        Row(chain: [.attemptAnswers, .waits], outcome: "hook by hook '0' for 1"),
        Row(chain: [.attemptPasses, .answers, .attemptWaits], outcome: "hook by hook '1' for 1"),
        Row(chain: [.denies, .waits], outcome: "TestFailure"),
        Row(chain: [.fails, .waits], outcome: "HookError"),
        Row(chain: [.attemptFails, .waits], outcome: "HookError"),
        Row(chain: [.isSkipped, .attemptIsSkipped, .answers], outcome: "hook by hook '2' for 1"),
        Row(chain: [.isSkipped, .attemptIsSkipped], outcome: "body by the body for 1"),
        Row(chain: [.waits], outcome: "would wait"),
        Row(chain: [.attemptWaits], outcome: "would wait"),
        Row(chain: [.waits, .answers], outcome: "would wait"),
        Row(chain: [.attemptWaits, .answers], outcome: "would wait"),
        Row(chain: [.passes, .isSkipped, .waits], outcome: "would wait"),
        Row(chain: [.waits, .denies], outcome: "would wait"),
        Row(chain: [.answers, .waitsAtTheEnd], outcome: "would wait"),
        Row(chain: [.denies, .waitsAtTheEnd], outcome: "would wait"),
    ]

    @Test(arguments: rows)
    func theAnswerIsTheOneThatNeedsNoWaiting(row: Row) throws {
        let registry = HookRegistry()
        let point = HookPoint<Int, String>("now")
        let bodies = Log<Int>()
        let site = HookSite(point, in: registry)
        try registry.register { hooks in
            for (index, link) in row.chain.enumerated() { Self.add(link, to: &hooks, point, at: index) }
        }
        let outcome = Self.outcome {
            try site.callWithoutWaiting(1) { argument in
                bodies.add(argument)
                return "body"
            }
        }
        #expect(outcome == row.outcome)
        #expect(bodies.entries.count == (row.outcome.hasPrefix("body") ? 1 : 0))
    }

    @Test func theErrorOfTheBodyIsItsOwn() throws {
        let registry = HookRegistry()
        let point = HookPoint<Int, Int>("now")
        let site = HookSite(point, in: registry)
        #expect(throws: TestFailure(3)) { try site.callWithoutWaiting(1) { _ in throw TestFailure(3) } }
        try registry.register { hooks in hooks.onStart(point, id: "a") { _ in } }
        #expect(throws: TestFailure(4)) { try site.callWithoutWaiting(1) { _ in throw TestFailure(4) } }
    }

    @Test func anAnswerOfNilIsAnAnswer() throws {
        let registry = HookRegistry()
        let point = HookPoint<Int, Int?>("now")
        let site = HookSite(point, in: registry)
        try registry.register { hooks in hooks.onStart(point, id: "a") { $0.result = .success(nil) } }
        let outcome = try #require(try site.callWithoutWaiting(1) { $0 })
        #expect(outcome.output == nil && outcome.answeredBy == .hook("a"))
    }

    private static func outcome(_ call: () throws -> HookOutcome<Int, String>?) -> String {
        do {
            guard let outcome = try call() else { return "would wait" }
            return "\(outcome.output) by \(outcome.answeredBy) for \(outcome.arguments)"
        } catch {
            return "\(type(of: error))"
        }
    }

    private static func add(
        _ link: Link,
        to hooks: inout HookBundle,
        _ point: HookPoint<Int, String>,
        at index: Int
    ) {
        let id = HookID("\(index)")
        let policy: FailurePolicy? = [.isSkipped, .attemptIsSkipped].contains(link) ? .continue : nil
        switch link {
        case .waits:
            hooks.onStart(point, id: id, priority: index) { _ in
                await Task.yield()
                Issue.record("nobody waits")
            }
        case .waitsAtTheEnd:
            hooks.onEnd(point, id: id, priority: index) { _ in
                await Task.yield()
                Issue.record("nobody waits")
            }
        case .attemptAnswers, .attemptPasses, .attemptFails, .attemptIsSkipped, .attemptWaits:
            hooks.onStart(point, id: id, priority: index, onFailure: policy) { call in
                if link == .attemptAnswers { call.result = .success("hook") }
                if link == .attemptFails || link == .attemptIsSkipped { throw TestFailure() }
                return link != .attemptWaits
            } otherwise: { _ in
                Issue.record("nobody waits")
            }
        case .passes, .answers, .denies, .fails, .isSkipped, .rewrites:
            hooks.onStart(point, id: id, priority: index, onFailure: policy) { call in
                if link == .rewrites { call.arguments += 10 }
                if link == .answers { call.result = .success("hook") }
                if link == .denies { call.result = .failure(TestFailure()) }
                if link == .fails || link == .isSkipped { throw TestFailure() }
            }
        }
    }
}
