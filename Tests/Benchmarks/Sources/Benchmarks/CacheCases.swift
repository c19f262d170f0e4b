import AllocationCount
import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import OpenBao

/// A source of one function, as authors write it.
private struct SmallestSource: KeySource {
    func read(_ request: KeyRequest) async throws -> String? { "sk-benchmark" }
}

/// A source that lends, by a server that costs nothing.
private struct Lender: LeasingSource {
    var lender: String { "benchmark" }

    func location(for request: KeyRequest) -> String? { request.service.id }
    func read(_ location: String) async throws -> SourceReading<String> { throw NoKey() }

    func lend(_ location: String, as record: LeaseRecord) async throws -> SourceReading<String> {
        .lent("sk-benchmark", under: KeyLease(id: "benchmark", life: .seconds(86_400), isRenewable: true))
    }

    func renew(_ lease: KeyLease, of location: String) async throws -> KeyLease? { lease }
    func giveBack(_ record: LeaseRecord) async throws {}
}

/// Keys from a real OpenBao: cached, read cold, and missed by many at once.
///
/// `run.sh` starts the server.
struct CacheCases {
    let address: String
    let token: String
    let transport = HTTPTransportSettings().transport()

    /// Nil without a server.
    init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let address = environment["BENCHMARK_BAO_ADDR"], let token = environment["BENCHMARK_BAO_TOKEN"] else {
            return nil
        }
        self.address = address
        self.token = token
    }

    func resolver() throws -> KeyResolver {
        var configuration = OpenBaoConfiguration(path: "litellm/providers")
        configuration.addresses = [address]
        configuration.token = .environment("TOKEN")
        configuration.settings.cache.timeToLive = .seconds(3600)
        let registry = HookRegistry()
        let plugin = try OpenBaoPlugin(configuration, environment: ["TOKEN": token], transport: transport)
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: [:])
    }

    func cached() async throws -> [Case] {
        let resolver = try resolver()
        guard try await resolver.getAPIKey(service: "openai")?.value == "sk-benchmark" else { throw NoKey() }
        let registry = HookRegistry()
        try registry.register { $0.answer(from: SmallestSource(), id: "smallest") }
        let smallest = try KeyResolver(registry: registry, environment: [:])
        let lenders = HookRegistry()
        var settings = SourceSettings()
        settings.leases.journal = nil
        try lenders.register { [settings] in $0.answer(from: Lender(), id: "lender", settings: settings) }
        let lending = try KeyResolver(registry: lenders, environment: [:])
        return [
            Case("cached OpenBao key through the resolver") {
                for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "openai") }
            },
            Case("cached OpenBao key without await") {
                for _ in 0..<$0 { _ = try resolver.cachedAPIKey(service: "openai") }
            },
            Case("cached key of the smallest source through the resolver") {
                for _ in 0..<$0 { _ = try await smallest.getAPIKey(service: "openai") }
            },
            Case("cached key that was lent through the resolver") {
                for _ in 0..<$0 { _ = try await lending.getAPIKey(service: "openai") }
            },
        ]
            + ThreadCases.onThreads([
                (
                    "cached OpenBao key through the resolver",
                    { for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "openai") } }
                )
            ])
    }

    func cold() async throws -> [Case] {
        let resolver = try resolver()
        _ = try await resolver.getAPIKey(service: "openai", refresh: true)
        let url = address + "/v1/secret/data/litellm/providers"
        // In one group with the transport, so that what else the machine does falls on all alike.
        return try TransportCases(url: url, token: token, transport: transport).all() + [
            Case("cold read: through the resolver", count: 200) {
                for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "openai", refresh: true) }
            },
            Case("10,000 concurrent misses, in all", count: 1) { _ in
                let resolver = try self.resolver()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<10_000 {
                        group.addTask { _ = try await resolver.getAPIKey(service: "openai") }
                    }
                    try await group.waitForAll()
                }
                let loads = resolver.cacheStatistics[OpenBaoPlugin.id]?.loads
                guard loads == 1 else { throw NoKey() }
            },
        ]
    }

    /// Calls of malloc in one call of the resolver, on a thread of its own.
    func allocations() async throws -> Double {
        let resolver = try resolver()
        _ = try await resolver.getAPIKey(service: "openai")
        for _ in 0..<1_000 { _ = try await resolver.getAPIKey(service: "openai") }
        let count = 100_000
        let before = allocation_count()
        for _ in 0..<count { _ = try await resolver.getAPIKey(service: "openai") }
        return Double(allocation_count() - before) / Double(count)
    }
}

/// The server did not answer as it must for a figure to mean anything.
struct NoKey: Error {}
