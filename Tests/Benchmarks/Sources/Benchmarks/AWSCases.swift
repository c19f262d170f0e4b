import AWSSecretsManager
import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import Synchronization

/// Keys from AWS Secrets Manager: cached, and read cold from two servers.
///
/// `run.sh` starts moto_server, which takes milliseconds for a request, and a server that has one reply ready, so that
/// what the client itself takes can be seen.
struct AWSCases {
    private let servers: [(name: String, url: String)]
    private let key: (id: String, secret: String)

    /// Nil without servers.
    init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let moto = environment["BENCHMARK_AWS_MOTO"], let ready = environment["BENCHMARK_AWS_READY"],
            let id = environment["BENCHMARK_AWS_ID"], let secret = environment["BENCHMARK_AWS_SECRET"]
        else { return nil }
        servers = [("moto_server", moto), ("a reply that is ready", ready)]
        key = (id, secret)
    }

    private func resolver(_ url: String, _ transport: any HTTPTransport) throws -> KeyResolver {
        var configuration = AWSConfiguration()
        (configuration.region, configuration.endpoint) = ("us-east-1", url)
        let environment = ["AWS_ACCESS_KEY_ID": key.id, "AWS_SECRET_ACCESS_KEY": key.secret, "HOME": "/nonexistent"]
        let manager = try AWSSecretManager(configuration, environment: environment, transport: transport)
        let registry = HookRegistry()
        try registry.register { $0.answer(from: try manager.keys(at: "prod/{service}"), id: "aws") }
        return try KeyResolver(registry: registry, environment: [:])
    }

    func cached() async throws -> [Case] {
        let resolver = try resolver(servers[0].url, HTTPTransportSettings().transport())
        guard try await resolver.getAPIKey(service: "openai")?.value == "fake-openai" else { throw NoKey() }
        return [
            Case("cached AWS key through the resolver") {
                for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "openai") }
            }
        ]
    }

    /// In one group for each server with the transport alone, which sends what was signed before.
    func cold() async throws -> [[Case]] {
        var groups: [[Case]] = []
        for (name, url) in servers {
            let transport = RememberingTransport()
            let resolver = try resolver(url, transport)
            guard try await resolver.getAPIKey(service: "openai")?.value == "fake-openai",
                let request = transport.last.withLock(\.self)
            else { throw NoKey() }
            groups.append([
                Case("AWS cold read from \(name): the transport alone", count: 50) {
                    for _ in 0..<$0 {
                        let reply = try await transport.base.send(request, timeout: .seconds(10), limit: 1 << 20)
                        guard reply.status == 200 else { throw NoKey() }
                    }
                },
                Case("AWS cold read from \(name): through the resolver", count: 50) {
                    for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "openai", refresh: true) }
                },
            ])
        }
        return groups
    }
}

/// A transport that remembers what was sent last.
private final class RememberingTransport: HTTPTransport {
    let base = HTTPTransportSettings().transport()
    let last = Mutex<HTTPTransportRequest?>(nil)

    func send(_ request: HTTPTransportRequest, timeout: Duration, limit: Int) async throws -> HTTPTransportResponse {
        last.withLock { $0 = request }
        return try await base.send(request, timeout: timeout, limit: limit)
    }

    var keepsDeadlines: Bool { true }
}
