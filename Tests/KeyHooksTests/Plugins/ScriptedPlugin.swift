import ExtensionHooks
import KeyHooks

/// A plugin with settings of many kinds, which answers with what it read.
struct ScriptedPlugin: KeyPlugin {
    struct Configuration: Decodable {
        struct Server: Decodable {
            var host: String
            var port: UInt16?
        }

        enum Mode: String, Decodable, CaseIterable { case fast, safe }

        enum Colour: String, Decodable { case red }

        var address: String
        var timeout: Duration?
        var mode: Mode?
        var colour: Colour?
        var servers: [Server]?
        var limits: [String: Int]?
        var share: Double?
    }

    struct Refused: Error {
        let text: String
    }

    static let id: PluginID = "acme"
    let answer: String

    init(_ configuration: Configuration, in context: PluginContext) throws {
        switch configuration.address {
        case "throws": throw Refused(text: "sk-leak")
        case "refuses":
            throw KeyResolutionError(.invalidConfiguration, "acme needs ACME_TOKEN", remedy: "set ACME_TOKEN")
        default: break
        }
        let servers = (configuration.servers ?? []).map { "\($0.host):\($0.port ?? 443)" }
        let limits = (configuration.limits ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let parts: [String?] = [
            configuration.address, configuration.timeout.map { "\($0)" }, configuration.mode?.rawValue,
            servers.isEmpty ? nil : servers.joined(separator: ","),
            limits.isEmpty ? nil : limits.joined(separator: ","),
            configuration.share.map { "\($0)" }, context.environment["ACME_TOKEN"],
        ]
        answer = parts.compactMap(\.self).joined(separator: " ")
    }

    func register(in hooks: inout HookBundle) {
        hooks.onStart(.getAPIKey, id: "acme/keys") { [answer] call in call.answer(APIKey(answer)) }
    }
}

extension KeyResolver {
    /// A resolver whose `keyhooks.json` is the text, with plugins of the test's own.
    static func made(
        by text: String,
        plugins: [any PluginSource],
        in folder: TemporaryFolder,
        environment: [String: String] = [:]
    ) throws -> KeyResolver {
        try KeyResolver(
            configuration: .read(from: try folder.write("keyhooks.json", text)),
            plugins: plugins,
            environment: environment
        )
    }
}
