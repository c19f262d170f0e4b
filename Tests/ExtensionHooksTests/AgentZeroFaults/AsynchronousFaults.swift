import ExtensionHooks
import Testing

/// Faults of `reference/agent-zero.md`, 1.5: synchronous and asynchronous points.
struct AsynchronousFaults {
    /// The overloads that a synchronous point offers have no place for an `async` closure.
    @Test func syncPointRefusesAsyncHookByType() throws {
        // `hooks.onStart(point, id: "a") { _ in await Task.yield() }` is rejected by the compiler: "cannot pass
        // function of type '... async throws' to parameter expecting synchronous function type". What can be run: the
        // type of the function is synchronous, so its call needs no `await` and returns no awaitable.
        let point = SynchronousHookPoint<Int, Int>("sync")
        let function = SynchronousExtensible(point, in: HookRegistry()) { $0 }
        let call: (Int) throws -> Int = function.callAsFunction
        #expect(try call(1) == 1)
    }

    /// 1.5 (a): an end hook that clears the error without a result made the call return an exhausted coroutine.
    @Test(arguments: [HookKind.immediate, .suspending])
    func anErrorCannotBeClearedWithoutAResult(kind: HookKind) async throws {
        // By type: an end hook's result is never nil; it is a value or an error.
        let subject = Subject<Int, Int>(kind) { throw TestFailure($0) }
        try subject.register { hooks in
            hooks.end("a") { call in
                let result: Result<Int, any Error> = call.result
                call.result = result.flatMapError { _ in .success(0) }
            }
        }
        let output: Int = try await subject(1)
        #expect(output == 0)
    }

    /// 1.5 (b): an error of the call itself was replaced by one of the machinery.
    @Test(arguments: [HookKind.immediate, .suspending])
    func theBodysOwnErrorIsNotReplacedByOneOfTheEngine(kind: HookKind) async throws {
        // A wrong number of arguments does not compile; any other error of the body arrives as it is.
        let subject = Subject<Int, Int>(kind) { throw TestFailure($0) }
        try subject.register { hooks in
            hooks.start("a")
            hooks.end("b")
        }
        await #expect(throws: TestFailure(6)) { try await subject(6) }
    }
}
