#if Macros
import ExtensionHooks
import Synchronization
import Testing

/// A function that cannot throw cannot be denied, and runs its body once whatever its hooks do.
@Suite(.serialized)
struct NonthrowingTests {
    @Test func hooksAnswerAndRewrite() async throws {
        let registration = try Hooks.nonthrowing.register { hooks in
            hooks.onStart(incrementPoint, id: "rewrite") { call in call.arguments.number *= 10 }
            hooks.onStart(incrementLaterPoint, id: "answer") { call in call.result = .success(0) }
        }
        defer { registration.cancel() }
        #expect(increment(2) == 21)
        #expect(await incrementLater(2) == 0)
    }

    @Test func failuresAreOnRecordAndTheBodyAnswers() async throws {
        let outcomes = Mutex<[String?]>([])
        let observer = try Hooks.nonthrowing.register { hooks in
            hooks.observe { record in outcomes.withLock { $0.append(record.failure) } }
        }
        let registration = try Hooks.nonthrowing.register { hooks in
            hooks.onStart(incrementPoint, id: "deny") { call in call.result = .failure(Refused()) }
            hooks.onStart(incrementLaterPoint, id: "throw") { call in
                call.arguments.number = 1_000
                throw Refused()
            }
        }
        defer {
            registration.cancel()
            observer.cancel()
        }
        #expect(increment(2) == 3)
        #expect(await incrementLater(2) == 3)
        #expect(outcomes.withLock { $0 }.count == 2)
        #expect(outcomes.withLock { $0 }.allSatisfy { $0 != nil })
    }
}
#endif
