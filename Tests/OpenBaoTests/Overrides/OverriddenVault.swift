import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport

extension ProviderSettings {
    /// The plugin's settings for a service.
    static func openBao(_ settings: [String: PluginSetting]) -> ProviderSettings {
        var provider = ProviderSettings()
        provider["openbao"] = settings
        return provider
    }
}

extension Vault {
    /// A resolver as programs make it: from a `keyhooks.json`, with the plugin's type.
    func configured(
        _ rest: String,
        path: String = "ai/providers",
        section: String = "",
        environment: [String: String] = [:]
    ) throws -> KeyResolver {
        let own = "address: '\(server.address)', mount: '\(mount)', path: '\(path)', token: 'env:TEST_TOKEN'"
        let text = "{plugins: {openbao: {\(own), \(section)}},\n\(rest)}"
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(unique("keyhooks")).json")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try KeyResolver(
            configuration: .read(from: file.path),
            plugins: [OpenBaoPlugin.plugin],
            environment: environment.merging(["TEST_TOKEN": server.rootToken]) { $1 }
        )
    }

    /// A resolver on the vault's own clock, with what differs for services.
    func resolver(
        with providers: [Service: ProviderSettings],
        path: String = "ai/providers",
        _ change: (inout OpenBaoConfiguration) throws -> Void = { _ in }
    ) throws -> KeyResolver {
        let registry = HookRegistry()
        let plugin = try plugin(path: path, change)
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(
            configuration: KeyConfiguration(providers: providers),
            registry: registry,
            environment: [:]
        )
    }
}
