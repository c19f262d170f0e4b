import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Synchronization
import Testing

@testable import OpenBao

@Suite("A day of renewals, and many processes that start together")
struct TokenDayTests {
    /// A fake server with the rules of tokens; a third of all logins and renewals fail.
    @Test("In a day with many failures no request is ever made with a token that has ended", arguments: 1...2)
    func day(_ seed: Int) async throws {
        let clock = PassingClock()
        let rules = TokenRules(failing: 0.33, seed: UInt64(seed)) { clock.now.offset }
        let random = Mutex(TokenRules.Seeded(state: UInt64(seed) &* 77))
        let tokens = try Self.tokens(FakeTransport { try rules.answer($0) }, clock) {
            random.withLock { Double.random(in: 0...1, using: &$0) }
        }
        let reader = try #require(tokens.first)
        let address = SecretAddress(namespace: nil, mount: ["secret"], path: ["a"], version: nil)
        while clock.now.offset < .seconds(86_400) {
            do {
                _ = try await reader.read(address)
            } catch let failure as OpenBao.BaoFailure where clock.now.offset < .seconds(60) {
                // The first logins may fail, and nothing is there yet.
                #expect(failure.isOutage)
            }
            // Renewals are begun in the background by whoever reads, and are over before the clock goes on.
            try await until("nothing is under way") { reader.tokens.isSettled }
            clock.advance(by: .seconds(15))
        }
        #expect(rules.refused == 0)
        // Each token lives for an hour at most, and for most of it.
        #expect((24...40).contains(rules.logins), "\(rules.logins)")
        #expect(rules.renewals > 100, "\(rules.renewals)")
        #expect(rules.failures > 50, "\(rules.failures)")
    }

    /// What each process does is real; the server is a fake, and the time is a clock's.
    @Test("Of many processes that start together few renew or log in at the same time")
    func storm() async throws {
        let together = try await peak(jitter: false)
        let spread = try await peak(jitter: true)
        #expect(together.peak == Self.processes)
        #expect(spread.total == Self.processes)
        #expect(Double(together.peak) / Double(spread.peak) > 20, "\(together) \(spread)")
        if let file = ProcessInfo.processInfo.environment["KEYHOOKS_STORM_FIGURES"] {
            let text = "together: \(together.peak), spread: \(spread.peak)\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        }
    }

    /// So many that other tests are not kept waiting; the whole number where the figures are asked for, by naming a file
    /// for them in `KEYHOOKS_STORM_FIGURES`.
    static let processes = ProcessInfo.processInfo.environment["KEYHOOKS_STORM_FIGURES"] == nil ? 1000 : 10_000

    /// The most renewals in ten seconds of the first life of the tokens, and how many there were.
    private func peak(jitter: Bool) async throws -> (peak: Int, total: Int) {
        let clock = PassingClock()
        let rules = TokenRules(.init(ttl: .seconds(3600), longest: .seconds(86_400)), failing: 0, seed: 1) {
            clock.now.offset
        }
        let numbers = Mutex(TokenRules.Seeded(state: 42))
        let readers = try Self.tokens(FakeTransport { try rules.answer($0) }, clock, count: Self.processes) {
            jitter ? numbers.withLock { Double.random(in: 0...1, using: &$0) } : 0
        }
        for reader in readers { _ = try await reader.tokens.identity() }
        #expect(rules.logins == Self.processes)
        // Nothing happens before.
        clock.advance(by: .seconds(2260))
        var (peak, before, waiting) = (0, 0, readers)
        for _ in 1...35 {
            for reader in waiting { _ = try reader.tokens.immediateIdentity() }
            try await until("nothing is under way") { waiting.allSatisfy { $0.tokens.isSettled } }
            waiting.removeAll { $0.tokens.logins?.summary(of: .login)?.age == .zero }
            peak = max(peak, rules.renewals - before)
            before = rules.renewals
            clock.advance(by: .seconds(10))
        }
        return (peak, before)
    }

    /// Readers of processes that have nothing in common but the server.
    private static func tokens(
        _ transport: FakeTransport,
        _ clock: PassingClock,
        count: Int = 1,
        random: @escaping @Sendable () -> Double
    ) throws -> [SecretReader] {
        var configuration = OpenBaoConfiguration(path: "a")
        configuration.addresses = [FaultyVault.address]
        configuration.logins = [.appRole(roleID: .literal("r"), secretID: .environment("TEST_SECRET_ID"))]
        configuration.settings.timeout = .seconds(1000)
        configuration.random = random
        let environment = BaoEnvironment(["TEST_SECRET_ID": "id"])
        let servers = try ConfiguredServers(configuration, environment, transport)
        let source = SourceClock(clock, date: { FaultyVault.date })
        return try (1...count)
            .map { _ in try SecretReader(configuration, environment, servers, clock, source, namespace: nil) }
    }
}

extension TokenStore {
    /// Whether nothing is being got in the background: what is held is fresh, or getting another has just failed.
    fileprivate var isSettled: Bool {
        guard let summary = logins?.summary(of: .login) else { return false }
        return summary.state == .fresh || summary.retryIn != nil
    }
}
