import Foundation
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

/// A week of leases by a clock that stands still, with failures at random.
@Suite(.timeLimit(.minutes(10))) struct LeaseSimulationTests {
    /// The same numbers each time for the same seed.
    private final class Dice: Sendable {
        private let state: Mutex<UInt64>

        init(_ seed: UInt64) { state = Mutex(seed) }

        func throwsLess(than share: Double) -> Bool {
            let number = state.withLock { state in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return state
            }
            return Double(number % 1_000_000) / 1_000_000 < share
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `In a week no dead key is given out, nothing is lent twice at a time, and nothing is left`(
        _ seed: UInt64
    ) async throws {
        try await withTemporaryFolder { folder in
            let clock = ManualClock()
            let bank = LendingBank(clock, life: .seconds(3_600), maximum: .seconds(24 * 3_600))
            let fixture = try BankFixture(bank, in: folder.path, idle: .seconds(4 * 3_600), grace: .seconds(300))
            let dice = Dice(seed &* 0x9E37_79B9_7F4A_7C15)
            bank.fail { step in
                dice.throwsLess(than: step == .lend ? 0.1 : 0.25) ? LendingBank.outage : nil
            }
            bank.lose { step in step == .giveBack ? dice.throwsLess(than: 0.1) : dice.throwsLess(than: 0.02) }
            var (given, refused) = (0, 0)
            let services = ["openai", "anthropic", "mistral"] as [Service]
            // A minute a step. At night nobody asks.
            for minute in 0..<(7 * 24 * 60) {
                fixture.advance(60)
                guard (8 * 60..<20 * 60).contains(minute % (24 * 60)), dice.throwsLess(than: 0.7) else { continue }
                for service in services {
                    do {
                        let key = try await fixture.key(service)
                        #expect(bank.accepts(key.value), "\(key.value) in minute \(minute)")
                        given += 1
                    } catch {
                        refused += 1
                    }
                }
                // One a service, those that were just replaced, and those whose answer was lost.
                #expect(bank.live.count <= 30)
            }
            #expect(given > 10_000 && refused * 100 < given, "\(given) given, \(refused) refused")
            // What is lent is replaced once a day at least, and renewed a few times an hour at most.
            #expect(bank.count(.renew) < 3 * 12 * 7 * 6 && bank.count(.lend) >= 3 * 7)
            bank.fail { _ in nil }
            bank.lose { _ in false }
            for service in services { fixture.resolver.invalidate(service) }
            try await fixture.advance { bank.live.isEmpty && fixture.statistics.waiting == 0 }
            try await until { fixture.written.isEmpty }
            let statistics = fixture.statistics
            #expect(statistics.lent == statistics.givenBack + statistics.ended + statistics.lost)
        }
    }
}
