import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import LiteLLM
import Synchronization

/// Virtual keys of the real LiteLLM proxy, whose database is in memory: made, and cached.
///
/// `run.sh` starts the proxy.
struct LiteLLMCases {
    private let url: String
    private let adminKey: String
    private let transport = HTTPTransportSettings().transport()

    /// Tells the keys of one call from those of others.
    private let tenants = Tenants()

    private final class Tenants: Sendable {
        private let count = Atomic(0)

        func next() -> String { "tenant-\(count.add(1, ordering: .relaxed).newValue)" }
    }

    /// Nil without a proxy.
    init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let url = environment["BENCHMARK_LITELLM_URL"], let key = environment["BENCHMARK_LITELLM_KEY"] else {
            return nil
        }
        (self.url, adminKey) = (url, key)
    }

    private func resolver(journal: String? = nil) throws -> KeyResolver {
        let roles = ["agents": VirtualKeyRole(models: ["gpt-stand-in"])]
        var configuration = LiteLLMConfiguration(url: url, adminKey: .environment("ADMIN"), roles: roles)
        configuration.settings.leases.journal = journal
        let plugin = try LiteLLMPlugin(configuration, environment: ["ADMIN": adminKey], transport: transport)
        let registry = HookRegistry()
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: [:])
    }

    func cached() async throws -> [Case] {
        let resolver = try resolver()
        _ = try await resolver.requireAPIKey(service: "litellm")
        return [
            Case("cached virtual key through the resolver") {
                for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "litellm") }
            }
        ]
    }

    /// Each call has the proxy make a key that it did not make before; with the journal that outlives a crash.
    func minting() throws -> [Case] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-benchmark-\(getpid())")
            .path
        let resolver = try resolver(journal: folder)
        return [
            Case("virtual key: the transport alone", count: 20) {
                for _ in 0..<$0 {
                    let body = #"""
                        {"models":["gpt-stand-in"],"key_alias":"bare-\#(tenants.next())","duration":"3600s",
                        "metadata":{"keyhooks_role":"agents"}}
                        """#
                    let request = HTTPTransportRequest(
                        method: "POST",
                        url: url + "/key/generate",
                        headers: ["Authorization": "Bearer \(adminKey)", "Content-Type": "application/json"],
                        body: Array(body.utf8)
                    )
                    let reply = try await transport.send(request, timeout: .seconds(10), limit: 1 << 20)
                    guard reply.status == 200 else { throw NoKey() }
                }
            },
            Case("virtual key: made through the resolver", count: 20) {
                for _ in 0..<$0 {
                    let scope = KeyScope(tenant: tenants.next())
                    _ = try await resolver.requireAPIKey(service: "litellm", scope: scope)
                }
            },
        ]
    }
}
