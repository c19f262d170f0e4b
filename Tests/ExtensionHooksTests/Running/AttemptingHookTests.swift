import ExtensionHooks
import Testing

/// Hooks that answer at once where they can, and wait only where they cannot.
struct AttemptingHookTests {
    /// What a closure does with the call, after it has been noted that it ran.
    enum Step: Sendable {
        case answers, passes, denies, fails
        /// As an attempt: it is not done.
        case waits
    }

    /// What is registered beside the hook.
    enum Neighbours: CaseIterable, Sendable {
        case none, immediateBefore, suspendingBefore, attemptingBefore, immediateAfter, suspendingAfter
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let attempt: Step
        var action: Step?
        var policy: FailurePolicy?
        /// The answer, or what was thrown.
        let outcome: String
        /// Which of the hook's closures and the body ran.
        let ran: [String]

        var testDescription: String { "\(attempt), \(action.map { "\($0)" } ?? "-"): \(outcome)" }
    }

    static let rows = [
        Row(attempt: .answers, outcome: "attempt", ran: ["attempt"]),
        Row(attempt: .passes, outcome: "body", ran: ["attempt", "body"]),
        Row(attempt: .denies, outcome: "TestFailure(1)", ran: ["attempt"]),
        Row(attempt: .fails, outcome: "hook TestFailure(2)", ran: ["attempt"]),
        Row(attempt: .fails, policy: .continue, outcome: "body", ran: ["attempt", "body"]),
        Row(attempt: .waits, action: .answers, outcome: "action", ran: ["attempt", "action"]),
        Row(attempt: .waits, action: .passes, outcome: "body", ran: ["attempt", "action", "body"]),
        Row(attempt: .waits, action: .denies, outcome: "TestFailure(1)", ran: ["attempt", "action"]),
        Row(attempt: .waits, action: .fails, outcome: "hook TestFailure(2)", ran: ["attempt", "action"]),
        Row(attempt: .waits, action: .fails, policy: .continue, outcome: "body", ran: ["attempt", "action", "body"]),
    ]

    @Test(arguments: rows, Neighbours.allCases)
    func eachClosureRunsOnceAndOnlyWhereItIsNeeded(row: Row, neighbours: Neighbours) async throws {
        let log = Log<String>()
        let registry = HookRegistry()
        let point = HookPoint<Int, String>("attempted")
        let function = Extensible(point, in: registry) { _ in
            log.add("body")
            return "body"
        }
        try registry.register { hooks in
            hooks.onStart(point, id: "cache", onFailure: row.policy) { call in
                try Self.run(row.attempt, "attempt", &call, log)
            } otherwise: { call in
                await Task.yield()
                let action = try #require(row.action, "it was not needed")
                _ = try Self.run(action, "action", &call, log)
            }
            Self.add(neighbours, to: &hooks, point, log)
        }
        #expect(await Self.outcome { try await function(1) } == row.outcome)
        var expected = row.ran
        if neighbours.isBefore { expected.insert("before", at: 0) }
        if neighbours.isAfter, let body = expected.firstIndex(of: "body") { expected.insert("after", at: body) }
        #expect(log.entries == expected)
    }

    private static func run(
        _ step: Step,
        _ name: String,
        _ call: inout StartCall<Int, String>,
        _ log: Log<String>
    ) throws -> Bool {
        log.add(name)
        switch step {
        case .answers: call.result = .success(name)
        case .passes: break
        case .denies: call.result = .failure(TestFailure(1))
        case .fails: throw TestFailure(2)
        case .waits: return false
        }
        return true
    }

    private static func add(
        _ neighbours: Neighbours,
        to hooks: inout HookBundle,
        _ point: HookPoint<Int, String>,
        _ log: Log<String>
    ) {
        let name = neighbours.isBefore ? "before" : "after"
        let priority = neighbours.isBefore ? 1 : 1_000
        switch neighbours {
        case .none: break
        case .immediateBefore, .immediateAfter:
            hooks.onStart(point, id: "neighbour", priority: priority) { _ in log.add(name) }
        case .suspendingBefore, .suspendingAfter:
            hooks.onStart(point, id: "neighbour", priority: priority) { _ in
                await Task.yield()
                log.add(name)
            }
        case .attemptingBefore:
            hooks.onStart(point, id: "neighbour", priority: priority) { _ in
                false
            } otherwise: { _ in
                await Task.yield()
                log.add(name)
            }
        }
    }

    private static func outcome(_ call: () async throws -> String) async -> String {
        do {
            return try await call()
        } catch let error as HookError {
            return "hook \((error.underlying as? TestFailure).map { "TestFailure(\($0.number))" } ?? "?")"
        } catch {
            return (error as? TestFailure).map { "TestFailure(\($0.number))" } ?? "\(error)"
        }
    }
}

extension AttemptingHookTests.Neighbours {
    var isBefore: Bool { [.immediateBefore, .suspendingBefore, .attemptingBefore].contains(self) }
    var isAfter: Bool { [.immediateAfter, .suspendingAfter].contains(self) }
}
