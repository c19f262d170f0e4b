import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao
import Testing

/// A resolver with the plugin, on a mount of its own of the shared server.
struct Vault {
    let server: BaoServer
    let admin: BaoAdmin
    let mount = unique("kv")
    let clock = ManualClock()

    init() async throws {
        server = try await BaoServer.shared
        admin = BaoAdmin(server)
        try await admin.mountKV2(mount)
    }

    func resolver(
        path: String = "ai/providers",
        environment: [String: String] = [:],
        token: String? = nil,
        _ change: (inout OpenBaoConfiguration) -> Void = { _ in }
    ) throws -> KeyResolver {
        var configuration = OpenBaoConfiguration(path: path)
        configuration.addresses = [server.address]
        configuration.mount = mount
        configuration.token = .environment("TEST_TOKEN")
        configuration.cache.jitter = 0
        configuration.cache.refreshAhead = 0
        change(&configuration)
        let plugin = try OpenBaoPlugin(
            configuration,
            environment: environment.merging(["TEST_TOKEN": token ?? server.rootToken]) { $1 },
            clock: clock
        )
        let registry = HookRegistry()
        try plugin.register(in: registry)
        return try KeyResolver(registry: registry, environment: environment)
    }

    func reads(of path: String) throws -> Int {
        try server.requests(pathContaining: "\(mount)/data/\(path)").count { $0.operation == "read" }
    }
}

@Suite("Reading keys from a real OpenBao")
struct ReadingTests {
    @Test("A bundled secret answers for all its services with one read")
    func bundle() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-o", "GROQ_API_KEY": "gsk-g"])
        let resolver = try vault.resolver()
        let key = try #require(try await resolver.getAPIKey(service: "openai"))
        #expect(key.value == "sk-o")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "gsk-g")
        #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-o")
        #expect(key.provenance?.version == "1")
        #expect(try vault.reads(of: "ai/providers") == 1)
    }

    @Test("A rotated key is seen after the TTL and not before")
    func rotation() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "old"])
        let resolver = try vault.resolver()
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "old")
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "new"])
        vault.clock.advance(by: .seconds(299))
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "old")
        vault.clock.advance(by: .seconds(1))
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "new")
    }
}
