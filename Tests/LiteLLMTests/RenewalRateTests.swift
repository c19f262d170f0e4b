import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import LiteLLM
import OpenBaoTestSupport
import Testing

/// How often the proxy is asked; it is the real one, and the time is a clock's.
@Suite("Renewals of many roles", .timeLimit(.minutes(10)))
struct RenewalRateTests {
    /// So many that other tests are not kept waiting; a thousand where the figures are asked for, by naming a file for them
    /// in `KEYHOOKS_RENEWAL_FIGURES`.
    private static let roles = ProcessInfo.processInfo.environment["KEYHOOKS_RENEWAL_FIGURES"] == nil ? 50 : 1_000
    private static let hours = 4

    @Test("Keys of an hour that are in use are renewed less than twice an hour, and never made again")
    func renewals() async throws {
        let proxy = try await LiteLLMProxy.shared
        let clock = ManualClock()
        let start = Date()
        let names = (0..<Self.roles).map { "rate-\($0)" }
        var configuration = LiteLLMConfiguration(
            url: proxy.url,
            adminKey: .environment("ADMIN"),
            roles: Dictionary(uniqueKeysWithValues: names.map { ($0, VirtualKeyRole(models: proxy.models)) }),
            role: "{profile}"
        )
        configuration.settings.leases.journal = nil
        configuration.settings.leases.idle = .seconds(100_000)
        configuration.settings.timeout = .seconds(60)
        let plugin = try LiteLLMPlugin(
            configuration,
            environment: ["ADMIN": proxy.masterKey],
            clock: clock,
            date: { start.addingTimeInterval(clock.now.offset / .seconds(1)) }
        )
        let registry = HookRegistry()
        try registry.register { plugin.register(in: &$0) }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        func askAll() async throws {
            for name in names {
                _ = try await resolver.requireAPIKey(service: "litellm", scope: KeyScope(profile: name))
            }
        }
        var renewed: [Int] = []
        for _ in 0..<Self.hours {
            for _ in 0..<20 {
                // What is due is renewed in the background: until nothing is, the clock stands still.
                var stale = -1
                while stale != resolver.cacheStatistics["litellm"]?.staleHits {
                    stale = resolver.cacheStatistics["litellm"]?.staleHits ?? 0
                    try await askAll()
                }
                clock.advance(by: .seconds(180))
            }
            renewed.append(resolver.leaseStatistics["litellm"]?.renewed ?? 0)
        }
        let statistics = try #require(resolver.leaseStatistics["litellm"])
        #expect(statistics.lent == Self.roles && statistics.failedRenewals == 0 && statistics.lost == 0)
        let rate = Double(statistics.renewed) / Double(Self.hours * Self.roles)
        #expect((1.0...2.0).contains(rate), "\(rate) renewals an hour for each role")
        let asked = try await proxy.requests("keyhooks/rate-")
        #expect(asked.count { $0.path == "/key/generate" } == Self.roles)
        #expect(asked.count { $0.path == "/key/update" } == statistics.renewed)
        await resolver.shutdown(within: .seconds(60))
        #expect(try await proxy.keys("keyhooks/rate-").isEmpty)
        if let file = ProcessInfo.processInfo.environment["KEYHOOKS_RENEWAL_FIGURES"] {
            let text = "\(Self.roles) roles, renewals by the end of each hour: \(renewed)\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        }
    }
}
