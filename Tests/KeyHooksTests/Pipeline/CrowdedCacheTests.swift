import ExtensionHooks
import HTTPTransport
import KeyHooks
import OpenBao
import Testing

/// A cache that is too small for what is in use says so.
@Suite(.timeLimit(.minutes(5))) struct CrowdedCacheTests {
    /// Answers each read with a secret: what is tested is the cache, and no server is needed for it.
    private struct InProcess: HTTPTransport {
        func send(_ request: HTTPTransportRequest, timeout: Duration, limit: Int) async throws -> HTTPTransportResponse
        {
            let body = #"{"data":{"data":{"key":"sk-leak"},"metadata":{"version":1}}}"#
            return HTTPTransportResponse(status: 200, body: Array(body.utf8))
        }
    }

    private func resolver(capacity: Int, _ warnings: Recording<KeyWarning>) throws -> KeyResolver {
        var configuration = OpenBaoConfiguration(path: "ai/{service}")
        configuration.addresses = ["http://bao.test"]
        configuration.token = .environment("TOKEN")
        configuration.settings.cache.capacity = capacity
        let registry = HookRegistry()
        let plugin = try OpenBaoPlugin(configuration, environment: ["TOKEN": "t"], transport: InProcess())
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: [:], onWarning: { warnings.add($0) })
    }

    @Test func `The first value that had to go is reported, and then none for a while`() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try resolver(capacity: 3, warnings)
        for number in 1...3 { _ = try await resolver.getAPIKey(service: Service("svc\(number)")) }
        #expect(warnings.events.isEmpty)
        #expect(try resolver.explain(service: "svc1").warnings.isEmpty)
        for number in 4...9 { _ = try await resolver.getAPIKey(service: Service("svc\(number)")) }
        let warning = try #require(warnings.events.first)
        #expect(warnings.events.count == 1)
        #expect(warning.code == .source && warning.service == "svc4")
        #expect(warning.message.contains("more are in use than the 3 that it keeps"))
        #expect(warning.message.hasSuffix("Raise 'capacity'") && !warning.message.contains("leak"))
        #expect(try resolver.explain(service: "svc1").warnings.first?.contains("6 secrets") == true)
        #expect(resolver.cacheStatistics[OpenBaoPlugin.id]?.evictionsInUse == 6)
    }

    @Test func `Fields warn as well`() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try resolver(capacity: 1, warnings)
        _ = try await resolver.getAPIKey(service: "openai")
        _ = try await resolver.getSecret(service: "bedrock", field: "region")
        #expect(warnings.events.map(\.service) == ["bedrock"])
    }
}
