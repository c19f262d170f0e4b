import ExtensionHooks
import Testing

struct SynchronousTwinTests {
    @Test func itIsCalledWhereNothingCanWait() throws {
        let subject = Subject<Int, Int>(.synchronous) { $0 * 2 }
        try subject.register { hooks in
            hooks.start("a") { $0.arguments += 1 }
            hooks.end("b") { call in call.result = call.result.map { $0 + 100 } }
        }
        #expect(try subject.callNow(1) == 104)
        #expect(try [1, 2, 3].map(subject.callNow) == [104, 106, 108])
    }

    @Test func itsHooksAndThoseOfTheAsynchronousPointAreApart() async throws {
        let registry = HookRegistry()
        let synchronous = Subject<Int, Int>(.synchronous, in: registry) { $0 }
        let asynchronous = Subject<Int, Int>(.immediate, in: registry) { $0 }
        try synchronous.register { $0.start("a") { $0.arguments += 1 } }
        try asynchronous.register { $0.start("a") { $0.arguments += 10 } }
        #expect(try synchronous.callNow(0) == 1)
        #expect(try await asynchronous(0) == 10)
        #expect(synchronous.order.map(\.id) == ["a"])
    }

    @Test func itDoesNotCareForCancellation() async throws {
        let subject = Subject<Int, Int>(.synchronous) { $0 }
        let seen = Log<Bool>()
        try subject.register { hooks in
            hooks.pair("a") { _ in
            } end: { _ in
                seen.add(Task.isCancelled)
            }
        }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try subject.callNow(3)
        }
        #expect(try await task.value == 3)
        #expect(seen.entries == [true])
    }
}
