import ExtensionHooks

/// Works out what the services have, with call sites of their own for those whose plugins are limited.
struct ResolvedServiceBuilder {
    let environment: KeyEnvironment
    let registry: HookRegistry
    /// Services with the same plugins share sites.
    private var sites: [[HookID]: KeySites] = [:]

    init(environment: KeyEnvironment, registry: HookRegistry) {
        self.environment = environment
        self.registry = registry
    }

    /// The services by id and alias; under a profile only those that it changes.
    mutating func services(
        of catalogue: ServiceCatalogue,
        _ rules: KeyRules,
        under profile: String?
    ) throws(KeyResolutionError) -> [Service: ResolvedService] {
        var services: [Service: ResolvedService] = [:]
        for definition in catalogue.all {
            let rule = rules.rule(of: definition.service, under: profile)
            if profile != nil, rule == nil { continue }
            let resolved = ResolvedService(
                definition,
                in: environment,
                catalogue: catalogue,
                sites: try rule?.plugins.map { plugins throws(KeyResolutionError) in try self.sites(asking: plugins) }
            )
            for id in [definition.service] + definition.aliases { services[id] = resolved }
        }
        return services
    }

    private mutating func sites(asking plugins: [HookID]) throws(KeyResolutionError) -> KeySites {
        if let known = sites[plugins] { return known }
        do {
            let limited = try registry.derived(asking: plugins)
            try limited.pinOrder(plugins)
            let made = KeySites(in: limited)
            sites[plugins] = made
            return made
        } catch {
            throw .invalidConfiguration(
                "the plugins \(plugins.map(\.rawValue).joined(separator: ", ")) cannot be put in this order",
                remedy: "change 'plugins' of the provider, or the before: and after: of the hooks"
            )
        }
    }
}
