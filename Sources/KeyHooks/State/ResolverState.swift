import ExtensionHooks
import JSON5Syntax
import Synchronization

/// All that a resolver works with at one time; replaced as a whole, so that a call sees the old or the new.
final class ResolverState: Sendable {
    let configuration: KeyConfiguration
    let catalogue: ServiceCatalogue
    let environment: KeyEnvironment
    let hooks: LoadedPlugins
    let rules: ServiceRules
    let sites: KeyCallSites

    private let services: [Service: ResolvedService]
    private let profiles: [String: [Service: ResolvedService]]
    private let unlisted = Mutex(RecentMap<Service, ResolvedService>(capacity: 1_000))
    private let aliased = Mutex<[AliasedService: ResolvedService]>([:])

    /// A service that was asked for by an alias; it may be another under a profile.
    private struct AliasedService: Hashable {
        let service: ObjectIdentifier
        let alias: Service
    }

    /// Works everything out.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`.
    init(
        _ configuration: KeyConfiguration,
        overrides: [Service: ProviderSettings],
        environment: KeyEnvironment,
        hooks: LoadedPlugins
    ) throws(KeyResolutionError) {
        let sources = RuleLayers(configuration, overrides: overrides)
        let catalogue = try sources.catalogue()
        let rules = ServiceRules(sources, catalogue)
        let sites = KeyCallSites(in: hooks.registry, KeyRequest.Context(rules: rules))
        var builder = ResolvedServiceBuilder(
            environment: environment,
            placesTried: environment.placesTried,
            hooks: hooks,
            rules: rules,
            common: sites
        )
        services = try builder.services(catalogue.all, under: nil)
        var profiles: [String: [Service: ResolvedService]] = [:]
        for profile in sources.profiles {
            let definitions = try sources.definitions(under: profile, catalogue)
            profiles[profile] = try builder.services(definitions, under: profile)
        }
        self.profiles = profiles
        self.configuration = configuration
        self.catalogue = catalogue
        self.environment = environment
        self.hooks = hooks
        self.rules = rules
        self.sites = sites
    }

    /// The same as another object, for threads that are not to share reference counts.
    init(copying other: ResolverState) {
        configuration = other.configuration
        catalogue = other.catalogue
        environment = other.environment
        hooks = other.hooks
        rules = other.rules
        var (copiedSites, copiedServices) = (Copies<KeyCallSites>(), Copies<ResolvedService>())
        sites = copiedSites.copy(other.sites) { $0.copy() }
        func copy(_ service: ResolvedService) -> ResolvedService {
            copiedServices.copy(service) { service in
                ResolvedService(copying: service, copiedSites.copy(service.sites) { $0.copy() })
            }
        }
        // Copies are for speed; of very many services they would cost more memory than that is worth.
        let count = other.services.count + other.profiles.values.reduce(0) { $0 + $1.count }
        let isLarge = count > Self.largestCopied
        services = isLarge ? other.services : other.services.mapValues(copy)
        profiles = isLarge ? other.profiles : other.profiles.mapValues { $0.mapValues(copy) }
    }

    /// Up to how many services each group of threads has objects of its own.
    private static let largestCopied = 5_000

    /// Copies objects, each once: aliases name the same one, and go on doing so.
    private struct Copies<Object: AnyObject> {
        private var made: [ObjectIdentifier: Object] = [:]

        mutating func copy(_ object: Object, _ make: (Object) -> Object) -> Object {
            if let copy = made[ObjectIdentifier(object)] { return copy }
            let copy = make(object)
            made[ObjectIdentifier(object)] = copy
            return copy
        }
    }

    /// What is known of a service.
    ///
    /// - Throws: A ``KeyResolutionError`` for what isn't a valid service id, and for a profile that the configuration
    ///   does not have though it has others: what is meant for `prod` must not be answered as if nothing was said.
    func resolved(_ service: Service, under profile: String?) throws(KeyResolutionError) -> ResolvedService {
        try configuration.checkProfile(profile)
        if let known = profile.flatMap({ profiles[$0]?[service] }) ?? services[service] {
            return known.isOpenToAliases && known.definition.service != service ? resolved(known, as: service) : known
        }
        return try unlisted.withLock { unlisted throws(KeyResolutionError) in
            if let known = unlisted.value(for: service) { return known }
            try service.check(in: catalogue)
            let resolved = ResolvedService(
                catalogue.definition(of: service),
                in: environment,
                placesTried: environment.placesTried,
                hint: { [catalogue] in catalogue.hint(for: service) },
                sites: sites
            )
            // Names may come from outside, so their number is bounded.
            unlisted.set(resolved, for: service)
            return resolved
        }
    }

    /// A service that has nothing by its own names, with those of an alias.
    ///
    /// Worked out when it is asked for: there are many aliases, and most are never used.
    private func resolved(_ known: ResolvedService, as alias: Service) -> ResolvedService {
        aliased.withLock { aliased in
            let key = AliasedService(service: ObjectIdentifier(known), alias: alias)
            if let known = aliased[key] { return known }
            let definition = catalogue.definition(known.definition, askedForAs: alias)
            let places = environment.placesTried
            let resolved =
                definition == known.definition
                ? known : ResolvedService(definition, in: environment, placesTried: places, sites: known.sites)
            aliased[key] = resolved
            return resolved
        }
    }
}

extension ResolverState {
    /// Refuses what the environment has for a service to which a request was changed, where only plugins may answer for
    /// the first one and nobody says who may for the other.
    func checkEnvironment(
        of service: ResolvedService,
        _ scope: KeyScope,
        askedFor first: ResolvedService
    ) throws(KeyResolutionError) {
        // A `ttl` of the other doesn't say who may answer for it.
        let isSaid =
            rules.rule(of: service.definition.service, under: scope.profile)?.plugins != nil
            || service.definition.constant != nil || service.definition.variables.contains { $0.tier == .configured }
        guard service !== first, first.definition.isEnvironmentClosed, !service.definition.isEnvironmentClosed, !isSaid
        else { return }
        let (name, other) = (first.definition.service, service.definition.service)
        throw KeyResolutionError(
            .denied,
            "no variable may answer for '\(name)', and a plugin changed the request to '\(other)'",
            remedy: "say in providers.\(other) what may answer, or do not let the service be changed",
            service: name
        )
    }

    /// Refuses an answer from a plugin that may not answer for the service: its hook at the end replaced another
    /// answer, or the request was changed to the service.
    func checkAnswerer(
        _ source: CallSource,
        of service: Service,
        _ scope: KeyScope,
        askedFor first: ResolvedService
    ) throws(KeyResolutionError) {
        let isChanged = service != first.definition.service
        func limits(_ service: Service) -> ServiceRule? {
            rules.rule(of: catalogue.canonical(service), under: scope.profile).flatMap { $0.plugins == nil ? nil : $0 }
        }
        // Where nothing is said of the service that the request was changed to, what is said of the first one holds.
        guard case .hook(let hook) = source, let rule = limits(service) ?? limits(first.definition.service),
            !rule.names(hook.plugin)
        else { return }
        throw KeyResolutionError(
            .denied,
            "'\(hook)' answered for '\(service)'\(isChanged ? ", to which a plugin changed the request," : "") and may not",
            remedy: "name its plugin in providers.\(service).plugins, or do not let "
                + (isChanged ? "the service be changed" : "it replace answers"),
            service: first.definition.service
        )
    }
}
