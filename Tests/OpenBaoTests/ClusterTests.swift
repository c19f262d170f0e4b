import ExtensionHooks
import KeyHooks
import LoadSupport
import OpenBao
import OpenBaoTestSupport
import Synchronization
import Testing

/// A real Raft cluster.
///
/// `Tests/Support/faults.sh cluster` has more faults and more orders of addresses, for longer.
@Suite("A cluster whose nodes fail")
struct ClusterTests {
    private static let services = (0..<20).map { "svc\($0)" }

    @Test("The leader is killed and comes back: nothing fails, and no value is followed by an older one")
    func leaderKilled() async throws {
        try await BaoCluster.withCluster { cluster in
            let leader = try await cluster.leader()
            let others = [1, 2, 3].filter { $0 != leader }
            let asker = try Self.asker(cluster, order: [leader] + others)
            let writer = Task { try await Self.rotate(cluster, asker.versions) }
            try await until("something was written") { asker.versions.newest("all") > 0 }
            let load = Task { await asker.ask(perSecond: 200, for: .seconds(14)) }
            try await Task.sleep(for: .seconds(2))
            try await cluster.make(.kill, leader)
            _ = try await cluster.leader(otherThan: leader)
            let written = asker.versions.newest("all")
            try await until("something was written to the new leader") { asker.versions.newest("all") > written + 15 }
            try await cluster.make(.start, leader)
            await load.value
            writer.cancel()
            let found = asker.result
            #expect(found.lookUps == 2800)
            #expect(found.failed.isEmpty, "\(found.failures)")
            #expect(found.wrong == 0 && found.weak == 0)
            #expect(found.backwards == 0)
            #expect(found.beyond == 0, "up to \(Double(found.oldest) / 1e9) s old")
        }
    }

    /// Writes a new version five times a second, to whichever node takes it.
    private static func rotate(_ cluster: BaoCluster, _ versions: LoadVersions) async throws {
        var version = 0
        while !Task.isCancelled {
            version += 1
            let fields = Dictionary(
                uniqueKeysWithValues: services.map {
                    ($0, LoadValue(service: $0, version: version, writtenAt: realTime() / 1_000_000).text)
                }
            )
            for node in [1, 2, 3] {
                let reply = try? await cluster.admin(at: node).call("POST", "secret/data/load/all", ["data": fields])
                guard reply?.status == 200 else { continue }
                versions.acknowledge("all", version: version, at: realTime())
                break
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private static func asker(_ cluster: BaoCluster, order: [Int]) throws -> LoadAsker {
        var configuration = OpenBaoConfiguration(path: "load/all")
        configuration.addresses = order.map { cluster.addresses[$0 - 1] }
        configuration.field = "{service}"
        configuration.token = .environment("TEST_TOKEN")
        configuration.settings.timeout = .seconds(5)
        // Short, so that some read comes while the node that is back still has its old data.
        configuration.settings.cache = CachePolicy(timeToLive: .milliseconds(200))
        var environment = ["HOME": "/nonexistent", "TEST_TOKEN": cluster.rootToken]
        for service in services { environment["\(service.uppercased())_API_KEY"] = "sk-weak" }
        let registry = HookRegistry()
        let plugin = try OpenBaoPlugin(configuration, environment: environment)
        try registry.register { plugin.register(in: &$0) }
        let rules = LoadAsker.Rules(
            // And as long as a busy machine takes.
            timeToLive: .seconds(1),
            staleIfError: .zero,
            isOneSecret: true,
            weak: "sk-weak"
        )
        let resolver = try KeyResolver(registry: registry, environment: environment)
        return LoadAsker(resolver, LoadVersions(), services: services, rules)
    }
}
