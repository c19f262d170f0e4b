import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import Synchronization

/// Many secrets beside one, from a source within the process: what the cache itself costs when it has much to do.
struct ManySecretsCases {
    /// How many look-ups a second four loops make of so many secrets, each with a TTL of two seconds.
    @concurrent
    static func hot(_ count: Int, seconds: Double) async throws -> Double {
        let resolver = try resolver(capacity: count)
        let services = services(count)
        for service in services { _ = try await resolver.getAPIKey(service: service) }
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        let lookUps = try await withThrowingTaskGroup(of: Int.self) { group in
            for loop in 0..<4 {
                group.addTask {
                    var number = loop * services.count / 4
                    var made = 0
                    while clock.now < end {
                        for _ in 0..<32 {
                            number = number + 1 < services.count ? number + 1 : 0
                            guard try await resolver.getAPIKey(service: services[number]) != nil else { throw NoKey() }
                        }
                        made += 32
                        await Task.yield()
                    }
                    return made
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(lookUps) / ((clock.now - start) / .seconds(1))
    }

    /// How many seconds it takes until so many secrets that were never read are there, asked for all at once.
    @concurrent
    static func cold(_ count: Int) async throws -> Double {
        let resolver = try resolver(capacity: count)
        let services = services(count)
        let clock = ContinuousClock()
        let start = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services {
                group.addTask {
                    guard try await resolver.getAPIKey(service: service) != nil else { throw NoKey() }
                }
            }
            try await group.waitForAll()
        }
        return (clock.now - start) / .seconds(1)
    }

    private static func services(_ count: Int) -> [Service] { (0..<count).map { Service("svc\($0)") } }

    private static func resolver(capacity: Int) throws -> KeyResolver {
        var configuration = OpenBaoConfiguration(path: "ai/{service}")
        configuration.addresses = ["http://127.0.0.1:8200"]
        configuration.token = .environment("TOKEN")
        configuration.settings.cache.timeToLive = .seconds(2)
        // Reads come one by one, and not all together.
        configuration.settings.cache.jitter = 0.5
        configuration.settings.cache.capacity = capacity
        let registry = HookRegistry()
        let plugin = try OpenBaoPlugin(configuration, environment: ["TOKEN": "t"], transport: InProcessTransport())
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: [:])
    }
}

/// Answers each read with a secret, as OpenBao would.
private struct InProcessTransport: HTTPTransport {
    private let body = Array(#"{"data":{"data":{"api_key":"sk-benchmark"},"metadata":{"version":1}}}"#.utf8)

    func send(_ request: HTTPTransportRequest, timeout: Duration, limit: Int) async throws -> HTTPTransportResponse {
        HTTPTransportResponse(status: 200, headers: ["content-type": "application/json"], body: body)
    }
}
