import ExtensionHooks
import KeyHooksTesting
import Synchronization
import Testing

/// Faults of `reference/agent-zero.md`, 1.7: work done in every call.
///
/// What it costs in time is for the benchmarks.
struct CostFaults {
    /// A clock that counts how often it is read.
    final class CountingClock: Clock, Sendable {
        let reads = Atomic<Int>(0)
        let minimumResolution = Duration.nanoseconds(1)

        var now: ManualClock.Instant {
            reads.add(1, ordering: .relaxed)
            return ManualClock.Instant()
        }

        func sleep(until deadline: ManualClock.Instant, tolerance: Duration?) async throws {}
    }

    @Test(arguments: HookKind.allCases)
    func zeroHookCallAddsNoWork(kind: HookKind) async throws {
        let clock = CountingClock()
        let described = Log<String>()
        let subject = Subject<Int, Int>(
            kind,
            in: HookRegistry(clock: clock),
            describeRewrite: { _, _ in
                described.add("described")
                return []
            },
            body: { $0 }
        )
        // A hook that came and went leaves no work behind either.
        try subject.register { $0.start("a") }.cancel()
        let before = clock.reads.load(ordering: .relaxed)
        for argument in 0..<10 { #expect(try await subject(argument) == argument) }
        #expect(!subject.isUsed)
        #expect(clock.reads.load(ordering: .relaxed) == before)
        #expect(described.entries.isEmpty)
    }

    @Test(arguments: HookKind.allCases)
    func aCallThatNobodyObservesReadsNoClock(kind: HookKind) async throws {
        let clock = CountingClock()
        let subject = Subject<Int, Int>(kind, in: HookRegistry(clock: clock)) { $0 }
        try subject.register { hooks in
            hooks.pair("a") { _ in
            } end: { _ in
            }
        }
        let before = clock.reads.load(ordering: .relaxed)
        for argument in 0..<10 { #expect(try await subject(argument) == argument) }
        #expect(clock.reads.load(ordering: .relaxed) == before)
    }

    @Test(arguments: HookKind.allCases)
    func anAnswerIsCheaperThanTheCallItSaves(kind: HookKind) async throws {
        // Short-circuiting was slower than not hooking at all: here neither the body nor a later hook is touched.
        let touched = Log<String>()
        let subject = Subject<Int, Int>(kind) { argument in
            touched.add("body")
            return argument
        }
        try subject.register { hooks in
            hooks.start("a") { $0.result = .success(1) }
            for number in 0..<5 { hooks.start(HookID("b\(number)")) { _ in touched.add("later") } }
        }
        #expect(try await subject(0) == 1)
        #expect(touched.entries.isEmpty)
    }

    /// Threads share no lock while nothing is registered: concurrent calls all get through and see no hook.
    @Test func manyTasksMayCallAtOnce() async throws {
        let subject = Subject<Int, Int>(.immediate) { $0 + 1 }
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<64 { group.addTask { try await subject(number) } }
            return try await group.reduce(0, +)
        }
        #expect(sum == (1...64).reduce(0, +))
    }
}
