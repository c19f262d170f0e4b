import ExtensionHooks
import KeyHooks
import Synchronization

/// A plugin that answers with what it was reported, so that tests see which rule held.
struct RulePlugin: KeyPlugin {
    struct Configuration: Decodable {
        var path: String?
        var fails: Bool?
    }

    struct ServiceSettings: Decodable {
        var path: String?
    }

    static let id: PluginID = "acme"
    let configuration: Configuration

    init(_ configuration: Configuration, in context: PluginContext) throws {
        self.configuration = configuration
    }

    func register(in hooks: inout HookBundle) {
        hooks.onStart(.getAPIKey, id: "acme/keys") { call in
            let rule = call.arguments.rule
            if configuration.fails == true {
                let error = KeyResolutionError(.unavailable, "acme is down", remedy: "wait")
                guard rule?.fallback == .unavailable else { throw error }
                return call.skip("acme", after: error)
            }
            let own = try call.arguments.settings(of: Self.self)
            let path = own?.path ?? configuration.path ?? "default"
            let ttl = rule?.timeToLive.map { " for \($0)" } ?? ""
            call.answer(APIKey("acme \(path)\(ttl)"))
        }
    }
}

/// A second one, for the order of plugins.
struct OtherPlugin: KeyPlugin {
    struct Configuration: Decodable {}
    static let id: PluginID = "other"

    init(_ configuration: Configuration, in context: PluginContext) throws {}

    func register(in hooks: inout HookBundle) {
        hooks.onStart(.getAPIKey, id: HookID(Self.id), priority: 1) { $0.answer(APIKey("other")) }
    }
}

extension KeyConfiguration {
    /// The plugins that it has sections of.
    func sectioned(_ plugins: [any PluginSource]) -> [any PluginSource] {
        plugins.filter { $0.sectionedPlugins.isSubset(of: pluginIDs) }
    }
}

extension KeyResolver {
    /// A resolver whose `keyhooks.json` is the text.
    static func ruled(
        by text: String,
        in folder: TemporaryFolder,
        environment: [String: String] = [:],
        registry: HookRegistry = HookRegistry()
    ) throws -> KeyResolver {
        let configuration = try KeyConfiguration.read(from: try folder.write("keyhooks.json", text))
        return try KeyResolver(
            configuration: configuration,
            plugins: configuration.sectioned([RulePlugin.plugin, OtherPlugin.plugin]),
            registry: registry,
            environment: environment
        )
    }

    func value(_ service: Service, profile: String? = nil) async throws -> String? {
        try await getAPIKey(service: service, scope: KeyScope(profile: profile))?.value
    }
}
