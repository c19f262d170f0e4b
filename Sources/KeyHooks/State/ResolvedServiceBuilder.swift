import ExtensionHooks

/// Works out what the services have, with call sites of their own for those whose plugins are limited.
struct ResolvedServiceBuilder {
    private let catalogue: ServiceCatalogue
    private let environment: KeyEnvironment
    private let hooks: PluginHooks
    private let placesTried: [String]
    /// Services with the same plugins share sites.
    private var limited: [[PluginID]: KeySites] = [:]
    private let common: KeySites
    private let rules: KeyRules

    init(
        _ catalogue: ServiceCatalogue,
        environment: KeyEnvironment,
        hooks: PluginHooks,
        _ rules: KeyRules,
        _ common: KeySites
    ) {
        self.rules = rules
        self.catalogue = catalogue
        self.environment = environment
        placesTried = environment.placesTried
        self.hooks = hooks
        self.common = common
    }

    /// The services by id and alias.
    mutating func services(
        _ definitions: [ServiceDefinition],
        _ rule: (Service) -> KeyRule?
    ) throws(KeyResolutionError) -> [Service: ResolvedService] {
        var services: [Service: ResolvedService] = [:]
        let own = Dictionary(definitions.map { ($0.service, $0) }) { _, last in last }
        for definition in definitions {
            let resolved = ResolvedService(
                definition,
                in: environment,
                placesTried: placesTried,
                siblings: definition.separateAccounts.map { own[$0] ?? catalogue.definition(of: $0) },
                arePluginsOff: hooks.areAllOff,
                sites: try rule(definition.service)?.plugins
                    .map { plugins throws(KeyResolutionError) in try sites(asking: plugins) } ?? common
            )
            for id in [definition.service] + definition.aliases { services[id] = resolved }
        }
        return services
    }

    private mutating func sites(asking named: [PluginID]) throws(KeyResolutionError) -> KeySites {
        var seen: Set<PluginID> = []
        let plugins = named.filter { seen.insert($0).inserted }
        if let known = limited[plugins] { return known }
        do {
            let registry = try hooks.registry.derived(asking: plugins) { added in
                refuseIfAllAreOff(plugins, &added)
            }
            try registry.pinOrder(plugins.map { HookID($0) })
            let made = KeySites(in: registry, rules, isLimited: true)
            limited[plugins] = made
            return made
        } catch {
            throw .invalidConfiguration(
                "the plugins \(plugins.map(\.rawValue).joined(separator: ", ")) cannot be put in this order",
                remedy: "change 'plugins' of the provider, or the before: and after: of the hooks"
            )
        }
    }

    /// Who named the plugins that may answer for a service does not want the environment to answer while they are off.
    private func refuseIfAllAreOff(_ plugins: [PluginID], _ added: inout HookBundle) {
        guard let first = plugins.first, plugins.allSatisfy(hooks.switchedOff.contains) else { return }
        let names = plugins.map(\.rawValue).joined(separator: ", ")
        @Sendable func error(_ service: Service) -> KeyResolutionError {
            KeyResolutionError(
                .invalidConfiguration,
                "the plugins that may answer for '\(service)' are switched off: \(names)",
                remedy: "change 'plugins' of the provider, or run: keyhooks plugins enable \(first)",
                service: service
            )
        }
        added.onStart(.getAPIKey, id: HookID("\(first)/switched-off")) { throw error($0.arguments.service) }
        added.onStart(.getSecret, id: HookID("\(first)/switched-off")) { throw error($0.arguments.service) }
    }
}
