#if Macros
import ExtensionHooks
import Testing

/// Functions within types keep `self`, and their declarations stand in the type.
@Suite(.serialized)
struct MemberTests {
    @Test func methodsKeepTheirSelf() async throws {
        let bank = Bank()
        #expect(try await bank.deposit(1) == 1)
        #expect(try await bank.deposit(2) == 3)
        var counter = Counter()
        #expect(try counter.add(2) == 2)
        #expect(try counter.add(3) == 5)
        #expect(counter.count == 5)
        #expect(try Counter.start() == 7)
    }

    @Test func pointsCarryTheNameOfTheirType() {
        #expect(Bank.depositPoint.name == "Bank.deposit")
        #expect(Counter.addPoint.name == "Counter.add")
    }

    @Test func hooksOfMethodsAnswerAndRewrite() async throws {
        let registration = try Hooks.members.register { hooks in
            hooks.onStart(Bank.depositPoint, id: "limit") { call in
                call.arguments.amount = min(call.arguments.amount, 10)
            }
            hooks.onStart(Counter.startPoint, id: "answer") { call in call.result = .success(99) }
            hooks.onEnd(Counter.addPoint, id: "negate") { call in call.result = call.result.map { -$0 } }
        }
        defer { registration.cancel() }
        #expect(try await Bank().deposit(1_000) == 10)
        #expect(try Counter.start() == 99)
        var counter = Counter()
        #expect(try counter.add(4) == -4)
        #expect(counter.count == 4)
    }
}
#endif
