#if os(Linux)
import CProcess
import Foundation
import Testing

/// The three ways in which a child closes what it is not to have.
@Suite("Descriptors of a child", .timeLimit(.minutes(1)))
struct DescriptorTests {
    /// Whether exactly those below 900 are left of some that are opened around it, in this process itself.
    private static func keeps(_ close: (CInt) -> Bool) -> Bool {
        for number: CInt in [800, 899, 900, 901, 950, 1000] {
            precondition(dup2(0, number) == number)
        }
        guard close(900) else { return false }
        func isOpen(_ number: CInt) -> Bool { fcntl(number, F_GETFD) != -1 }
        return isOpen(800) && isOpen(899) && ![900, 901, 950, 1000].contains(where: isOpen)
    }

    @Test("All above a number are closed by the system's own call")
    func range() async {
        await #expect(processExitsWith: .success) { precondition(Self.keeps(keyhooks_close_range)) }
    }

    @Test("All above a number are closed where the system only lists them")
    func listed() async {
        await #expect(processExitsWith: .success) { precondition(Self.keeps(keyhooks_close_listed)) }
    }

    @Test("All above a number are closed where the system does not even list them")
    func counted() async {
        await #expect(processExitsWith: .success) { precondition(Self.keeps(keyhooks_close_counted)) }
    }
}
#endif
