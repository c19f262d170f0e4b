import ExtensionHooks

/// Works out what the services have, with call sites of their own for those whose plugins are limited.
struct ResolvedServiceBuilder {
    let environment: KeyEnvironment
    let placesTried: [String]
    let hooks: LoadedPlugins
    let rules: ServiceRules
    let common: KeyCallSites

    /// Services with the same plugins share sites.
    var limited: [[PluginID]: KeyCallSites] = [:]

    /// The services by id and alias.
    mutating func services(
        _ definitions: [ServiceDefinition],
        under profile: String?
    ) throws(KeyResolutionError) -> [Service: ResolvedService] {
        var services: [Service: ResolvedService] = [:]
        let own = Dictionary(definitions.map { ($0.service, $0) }) { _, last in last }
        for definition in definitions {
            let plugins = rules.rule(of: definition.service, under: profile)?.plugins
            let resolved = ResolvedService(
                definition,
                in: environment,
                placesTried: placesTried,
                siblings: definition.separateAccounts.map { own[$0] ?? rules.catalogue.definition(of: $0) },
                arePluginsOff: hooks.areAllOff,
                sites: try plugins.map { named throws(KeyResolutionError) in try sites(asking: named) } ?? common
            )
            for id in [definition.service] + definition.aliases { services[id] = resolved }
        }
        return services
    }

    private mutating func sites(asking named: [PluginID]) throws(KeyResolutionError) -> KeyCallSites {
        var seen: Set<PluginID> = []
        let plugins = named.filter { seen.insert($0).inserted }
        if let known = limited[plugins] { return known }
        do {
            let registry = try hooks.registry.derived(asking: plugins) { added in
                refuseIfAllAreOff(plugins, &added)
            }
            try registry.pinOrder(plugins.map { HookID($0) })
            let made = KeyCallSites(in: registry, KeyRequest.Context(rules: rules, isLimited: true))
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
        for point in [HookPoint.getAPIKey, .getSecret] {
            added.onStart(point, id: HookID("\(first)/switched-off")) { throw error($0.arguments.service) }
        }
    }
}
