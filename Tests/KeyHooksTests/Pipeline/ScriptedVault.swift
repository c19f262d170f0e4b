import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Synchronization

/// The smallest source, with a vault that counts its reads and does as it is asked.
final class ScriptedVault: KeySource {
    typealias Answer = @Sendable (_ request: KeyRequest, _ number: Int) async throws -> String?

    private struct State {
        var reads: [String] = []
        var answer: Answer = { request, number in "\(request.service)\(number)" }
    }

    private let state = Mutex(State())

    /// The services that were read, in order.
    var reads: [String] { state.withLock { $0.reads } }

    func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }
    func fail(_ error: any Error = outage) { answer { _, _ in throw error } }

    func read(_ request: KeyRequest) async throws -> String? {
        let (answer, number) = state.withLock { state in
            state.reads.append(request.service.id)
            return (state.answer, state.reads.count)
        }
        return try await answer(request, number)
    }
}

/// A resolver with one source on clocks that stand still.
///
/// Unless changed, a value is stale from 75 s, expired from 100 s and dead from 150 s after it was read.
struct SourceFixture {
    let clock = ManualClock()
    let date = ManualDate()
    let registry = HookRegistry()
    let resolver: KeyResolver

    init(
        _ source: some KeySource,
        services: ServiceFilter? = nil,
        environment: [String: String] = ["OPENAI_API_KEY": "sk-env", "AWS_REGION": "eu-env"],
        providers: [Service: ProviderSettings] = [:],
        warnings: Recording<KeyWarning>? = nil,
        _ change: (inout SourceSettings) -> Void = { _ in }
    ) throws {
        var settings = SourceSettings(
            cache: CachePolicy(
                timeToLive: .seconds(100),
                refreshAhead: 0.25,
                jitter: 0,
                negativeTimeToLive: .seconds(20),
                staleIfError: .seconds(50),
                failureBackoff: .seconds(1)...(.seconds(8))
            )
        )
        change(&settings)
        try registry.register { [clock, date, settings] hooks in
            hooks.answer(
                from: source,
                id: "team-vault",
                services: services,
                settings: settings,
                clock: clock,
                date: { date.now }
            )
        }
        resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: providers),
            registry: registry,
            environment: environment,
            onWarning: { warnings?.add($0) }
        )
    }

    func advance(_ seconds: Double) {
        clock.advance(by: .seconds(seconds))
        date.jump(by: seconds)
    }

    /// What asking for a key comes to, in one line.
    func outcome(_ service: Service = "openai", scope: KeyScope = KeyScope(), refresh: Bool = false) async -> String {
        do {
            let key = try await resolver.getAPIKey(service: service, scope: scope, refresh: refresh)
            return key.map { $0.value + ($0.provenance?.isStale == true ? " stale" : "") } ?? "nil"
        } catch {
            return (error as? KeyResolutionError)?.code.description ?? "\(type(of: error))"
        }
    }

    var statistics: CacheStatistics { resolver.cacheStatistics["team-vault"] ?? CacheStatistics() }
}
