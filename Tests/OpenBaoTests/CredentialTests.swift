import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// A credential that came through the plugin itself would go in circles, and one from a `.env` would let a folder that
/// was merely entered choose whose secrets are read.
@Suite("The plugin's own credentials")
struct CredentialTests {
    private static let names: [Service] = [
        "openbao", "bao", "vault", "hashicorp_vault", "OpenBao", "hashicorp-vault", "HashiCorp.Vault", "VAULT",
    ]

    @Test("A vault's own key is never asked of the vault", arguments: names)
    func excluded(_ service: Service) async throws {
        let vault = FaultyVault { _ in .secret("sk-1") }
        let resolver = try vault.resolver { $0.path = "ai/{service}" }
        #expect(try await resolver.value(service) == nil)
        #expect(try resolver.cachedAPIKey(service: service) == nil)
        #expect(try resolver.explain(service: service).cached.isEmpty)
        #expect(vault.transport.requests.isEmpty)
    }

    @Test("Nor is it by another name, or with settings of its own")
    func renamed() async throws {
        let vault = FaultyVault { _ in .secret("sk-1") }
        var own = ProviderSettings(env: ["MY_BAO"], aliases: ["mybao"])
        own["openbao"] = ["path": "own", "field": "OPENAI_API_KEY"]
        var settings = KeyConfiguration(providers: ["openbao": own])
        settings.envFiles = []
        var configuration = OpenBaoConfiguration(path: "ai/{service}")
        // Nobody is to wait for; a busy machine is no slow server.
        configuration.settings.timeout = .seconds(120)
        let registry = HookRegistry()
        let plugin = try OpenBaoPlugin(
            configuration,
            environment: ["BAO_TOKEN": "s.1"],
            transport: vault.transport
        )
        try registry.register { plugin.register(in: &$0) }
        let environment = ["MY_BAO": "s.environment"]
        let resolver = try KeyResolver(configuration: settings, registry: registry, environment: environment)
        for name in ["mybao", "openbao"] as [Service] {
            #expect(try await resolver.value(name) == "s.environment")
        }
        #expect(vault.transport.requests.isEmpty)
        // It answers for all others.
        #expect(try await resolver.value("openai") == "sk-1")
    }

    @Test("Neither BAO_TOKEN nor anything else of the plugin's own comes from a .env")
    func dotenv() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("credentials"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(".env")
        let text = """
            BAO_TOKEN=s.leak
            VAULT_TOKEN=s.leak
            OWN=s.leak
            BAO_ADDR=http://elsewhere.test
            BAO_NAMESPACE=elsewhere
            OPENAI_API_KEY=sk-environment
            """
        try Data(text.utf8).write(to: file)
        for token in [nil, SecretReference.environment("OWN")] {
            let vault = FaultyVault { _ in .secret("sk-1") }
            var configuration = OpenBaoConfiguration(path: "ai")
            // Nobody is to wait for; a busy machine is no slow server.
            configuration.settings.timeout = .seconds(120)
            configuration.token = token
            let settings = KeyConfiguration(envFiles: [EnvironmentFile(file.path)], envPrecedence: .files)
            let registry = HookRegistry()
            let environment = ["HOME": "/nonexistent"]
            let plugin = try OpenBaoPlugin(configuration, environment: environment, transport: vault.transport)
            try registry.register { plugin.register(in: &$0) }
            let resolver = try KeyResolver(configuration: settings, registry: registry, environment: [:])
            let error = try #require(await resolver.failure("openai"))
            #expect(error.code == .unauthenticated, "\(error)")
            #expect(!error.description.contains("leak"))
            #expect(vault.transport.requests.isEmpty)
        }
    }

    @Test(
        "Where a variable is missing that a .env sets, that is mentioned",
        arguments: [
            ("{path: 'ai'}", "VAULT_TOKEN", ":2"), ("{path: 'ai', token: 'env:OWN'}", "OWN", ":3"),
            ("{path: 'ai', token: 'env:THERE'}", "BAO_ADDR", ":4"),
        ]
    )
    func mentioned(_ section: String, _ name: String, _ line: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("credentials"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(".env")
        let text =
            "BAO_TOKEN=\nVAULT_TOKEN=s.leak\nOWN=s.leak\nBAO_ADDR=http://leak.test\nOPENAI_API_KEY=sk-environment\n"
        try Data(text.utf8).write(to: file)
        let own = folder.appendingPathComponent("keyhooks.json")
        try Data("{envFiles: ['.env'], plugins: {openbao: \(section)}}".utf8).write(to: own)
        let configuration = try KeyConfiguration.read(from: own.path)
        // Nobody listens at the default address, or it is no OpenBao.
        let environment = ["HOME": "/nonexistent", "THERE": "s.1"]
        let resolver = try KeyResolver(
            configuration: configuration,
            plugins: [OpenBaoPlugin.plugin],
            environment: environment
        )
        let error = try #require(await resolver.failure("openai"))
        #expect(
            error.message.contains(
                "\(name) is set in \(file.path)\(line), and is read from the process environment only"
            ),
            "\(error)"
        )
        #expect(!"\(error)".contains("leak"))
    }
}
