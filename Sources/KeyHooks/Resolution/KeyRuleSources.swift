import ExtensionHooks

/// Where rules come from, the weakest first: `providers`, a profile's `providers`, the program.
struct KeyRuleSources {
    private struct Layer {
        let settings: ProviderSettings
        let path: String

        /// The object in the file; nil for the program.
        let node: JSONNode?
    }

    private let configuration: KeyConfiguration
    private let overrides: [Service: ProviderSettings]
    private let catalogue: ServiceCatalogue

    init(_ configuration: KeyConfiguration, overrides: [Service: ProviderSettings], _ catalogue: ServiceCatalogue) {
        self.configuration = configuration
        self.overrides = overrides
        self.catalogue = catalogue
    }

    /// The settings of all services under a profile, by precedence.
    func settings(under profile: String?) -> [Service: ProviderSettings] {
        var settings = configuration.providers
        let profiled = profile.flatMap { configuration.profiles[$0]?.providers } ?? [:]
        for stronger in [profiled, overrides] {
            settings.merge(stronger) { $0.overlaid(with: $1) }
        }
        return settings
    }

    func rules(under profile: String?) -> [Service: KeyRule] {
        let all = settings(under: profile)
        var sections: [HookID: [Service: JSONNode]] = [:]
        for (id, settings) in all {
            for (plugin, section) in settings.sections {
                sections[plugin, default: [:]][catalogue.canonical(id)] = section
            }
        }
        var rules: [Service: KeyRule] = [:]
        for (id, settings) in all {
            let service = catalogue.canonical(id)
            let origins = origins(of: id, under: profile)
            rules[service] = KeyRule(service, settings, origins: origins, allSections: sections)
        }
        return rules
    }

    private func origins(of service: Service, under profile: String?) -> [KeyRuleOrigin] {
        var taken: Set<String> = []
        return layers(of: service, under: profile).reversed()
            .flatMap { layer in
                layer.settings.described.map { setting, value in
                    KeyRuleOrigin(
                        setting: setting,
                        value: value,
                        place: place(of: setting, in: layer),
                        // Aliases of all layers hold.
                        isOverridden: !taken.insert(setting).inserted && setting != "aliases"
                    )
                }
            }
    }

    private func layers(of service: Service, under profile: String?) -> [Layer] {
        var layers: [Layer] = []
        if let settings = configuration.providers[service] {
            let node = configuration.document?["providers"]
            layers.append(Layer(settings: settings, path: "providers.\(service)", node: member(service, of: node)))
        }
        if let profile, let settings = configuration.profiles[profile]?.providers[service] {
            let node = configuration.document?["profiles"]?[profile]?["providers"]
            let path = "profiles.\(displayText(profile)).providers.\(service)"
            layers.append(Layer(settings: settings, path: path, node: member(service, of: node)))
        }
        if let settings = overrides[service] {
            layers.append(Layer(settings: settings, path: "override(_:)", node: nil))
        }
        return layers
    }

    private func member(_ service: Service, of node: JSONNode?) -> JSONNode? {
        node?.members?.first { Service($0.name) == service }?.value
    }

    private func place(of setting: String, in layer: Layer) -> String {
        guard let node = layer.node, let file = configuration.path else {
            return "the program, \(layer.path)"
        }
        let names = setting.split(separator: ".", maxSplits: 1).map(String.init)
        let member = node.members?.first { $0.name == names[0] || names[0] == "required" && $0.name == "notRequired" }
        let inner = names.count > 1 ? member?.value.members?.first { $0.name == names[1] } : nil
        let position = (inner ?? member)?.position ?? node.position
        return "\(file):\(position.line), \(layer.path)"
    }
}

extension ProviderSettings {
    /// The settings that say something, by the names they have in a file, with what can be shown of them.
    fileprivate var described: [(setting: String, value: String?)] {
        var described: [(String, String?)] = []
        if let env { described.append(("env", env.joined(separator: ", "))) }
        if fixed != nil { described.append(("constant", nil)) }
        if !aliases.isEmpty { described.append(("aliases", aliases.map(\.id).joined(separator: ", "))) }
        if let isKeyRequired { described.append(("required", isKeyRequired ? "true" : "false")) }
        if let plugins {
            described.append(("plugins", plugins.isEmpty ? "none" : plugins.map(\.rawValue).joined(separator: ", ")))
        }
        if let timeToLive { described.append(("ttl", "\(timeToLive)")) }
        if let fallback { described.append(("fallback", fallback.rawValue)) }
        for (plugin, section) in sections.sorted(by: { $0.key < $1.key }) {
            described += (section.members ?? []).map { ("\(plugin).\($0.name)", nil) }
        }
        return described
    }
}
