import ExtensionHooks
import Testing

/// A deadline may be anything that a duration can be: beyond a century it is none, and it never traps.
struct DeadlineBoundsTests {
    static let durations: [Duration] = [
        .seconds(Int64.min), .seconds(-1), .zero, Duration(secondsComponent: 0, attosecondsComponent: 1),
        .seconds(36_500 * 86_400), .seconds(Int64.max),
    ]

    enum Way: CaseIterable, Sendable {
        case start, end, both, attempting
    }

    @Test(arguments: durations, Way.allCases)
    func anyDeadlineIsObeyed(deadline: Duration, way: Way) async throws {
        let registry = HookRegistry()
        let point = HookPoint<Int, Int>("p")
        switch way {
        case .start:
            try registry.register { $0.onStart(point, id: "a", deadline: deadline) { _ in await Task.yield() } }
        case .end:
            try registry.register {
                $0.onEnd(point, id: "a", onFailure: .fail, deadline: deadline) { _ in await Task.yield() }
            }
        case .both:
            try registry.register {
                $0.onStart(point, id: "a", onFailure: .fail, deadline: deadline) { _ in
                    await Task.yield()
                } end: { _ in
                    await Task.yield()
                }
            }
        case .attempting:
            try registry.register {
                $0.onStart(point, id: "a", deadline: deadline, attempting: { _ in false }) { _ in await Task.yield() }
            }
        }
        let function = Extensible(point, in: registry) { $0 }
        do {
            #expect(try await function(1) == 1)
        } catch {
            let exceeded = (error as? HookError)?.underlying as? HookDeadlineExceeded
            #expect(exceeded?.deadline == deadline, "\(error)")
            #expect(deadline < .seconds(1))
        }
    }
}
