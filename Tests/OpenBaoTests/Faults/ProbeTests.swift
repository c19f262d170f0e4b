import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Looking after servers in trouble")
struct ProbeTests {
    private func plugin(
        _ transport: FakeTransport,
        timeout: Duration = .seconds(120)
    ) throws -> (KeyResolver, HookRegistration) {
        var configuration = OpenBaoConfiguration(path: "ai/providers")
        configuration.addresses = ["https://a.test", "https://b.test"]
        configuration.token = .environment("TEST_TOKEN")
        configuration.settings.timeout = timeout
        let registry = HookRegistry()
        let environment = ["TEST_TOKEN": "s.leak-token", "HOME": "/nonexistent"]
        let plugin = try OpenBaoPlugin(configuration, environment: environment, transport: transport)
        let registration = try registry.register { plugin.register(in: &$0) }
        return (try KeyResolver(registry: registry, environment: [:]), registration)
    }

    private func probes(_ transport: FakeTransport) -> [HTTPTransportRequest] {
        transport.requests.filter { $0.url.contains("/v1/sys/health") }
    }

    @Test("It is done without a token, only for those in trouble, and ends when they are well")
    func ends() async throws {
        let count = Counter()
        let transport = FakeTransport { request in
            guard request.url.hasPrefix("https://a.test") else { return .secret("sk-b") }
            guard request.url.contains("/sys/health") else { throw HTTPTransportError(.cannotConnect) }
            guard count.next() > 2 else { throw HTTPTransportError(.cannotConnect) }
            return HTTPTransportResponse(200, #"{"initialized":true,"sealed":false,"standby":false}"#)
        }
        let (resolver, _) = try plugin(transport)
        #expect(try await resolver.value("openai") == "sk-b")
        try await until("the first server is well") { probes(transport).count == 3 }
        try await Task.sleep(for: .seconds(1.2))
        #expect(probes(transport).count == 3)
        #expect(
            probes(transport).allSatisfy { $0.url.hasPrefix("https://a.test") && $0.headers["X-Vault-Token"] == nil }
        )
        // And it is asked first again.
        resolver.invalidateAll()
        #expect(try await resolver.value("openai") == "sk-b")
        #expect(transport.urls.suffix(2).map { $0.prefix(14) } == ["https://a.test", "https://b.test"])
    }

    @Test("To learn who is active takes no longer than the read may")
    func leader() async throws {
        let transport = FakeTransport { request in
            guard request.url.contains("/sys/") else { return HTTPTransportResponse(473) }
            try await FakeTransport.hang()
        }
        let (resolver, _) = try plugin(transport, timeout: .seconds(1))
        let start = ContinuousClock.now
        #expect(await resolver.failure("openai")?.code == .unavailable)
        // A look at a server may take two seconds otherwise.
        #expect(ContinuousClock.now - start < .seconds(1.9))
        #expect(transport.urls.contains { $0.hasSuffix("/v1/sys/leader") })
    }

    @Test("It ends when the plugin goes")
    func goes() async throws {
        let transport = FakeTransport { _ in throw HTTPTransportError(.cannotConnect) }
        do {
            let (resolver, registration) = try plugin(transport)
            #expect(await resolver.failure("openai") != nil)
            try await until("it is looked after them") { probes(transport).count >= 2 }
            registration.cancel()
        }
        try await Task.sleep(for: .milliseconds(100))
        let count = probes(transport).count
        try await Task.sleep(for: .seconds(2))
        #expect(probes(transport).count <= count)
    }
}
