/// The services that are known by name, and a rule for all others.
public struct ServiceCatalogue: Sendable {
    private var definitions: [Service: ServiceDefinition] = [:]
    private var canonicalIDs: [Service: Service] = [:]

    /// Names that the generic rule may not claim for another id: `openai_api` is not to find `OPENAI_API_KEY`.
    private var claimedNames: Set<String> = []

    /// The catalogue that ships with the package, from `services.json`.
    public static let standard = ServiceCatalogue(services: CatalogueData.services)

    init(services: [ServiceDefinition]) {
        for definition in services { add(definition) }
        // The generic names come last and leave out what belongs to somebody else, so they need the whole list.
        for service in definitions.keys {
            let names = GenericNames.all(for: service).filter { !claimedNames.contains($0) }
            definitions[service]?.addGenericNames(names)
        }
    }

    /// All known services in the order of their ids.
    public var all: [ServiceDefinition] { definitions.values.sorted { $0.service < $1.service } }

    /// The canonical service for an id or an alias; a service that nobody knows stands for itself.
    ///
    /// - Parameter service: Any service.
    /// - Returns: The service under which keys are looked up.
    public func canonical(_ service: Service) -> Service { canonicalIDs[service] ?? service }

    /// What is known of a service; for one that nobody knows, `<ID>_API_KEY` and `API_KEY_<ID>`.
    ///
    /// A service that is neither listed nor configured has no other names: `npm` is not to find `NPM_TOKEN`.
    ///
    /// - Parameter service: An id or an alias.
    /// - Returns: The definition.
    public func definition(of service: Service) -> ServiceDefinition {
        definitions[canonical(service)] ?? unlisted(service, GenericNames.ofAnybody(service))
    }

    private func unlisted(_ service: Service, _ names: [String]) -> ServiceDefinition {
        var definition = ServiceDefinition(service: service)
        definition.isListed = false
        definition.addGenericNames(names.filter { !claimedNames.contains($0) && !ForeignVariables.contain($0) })
        return definition
    }

    /// The known id that was most likely meant by an unknown one.
    ///
    /// - Parameter service: Any service.
    /// - Returns: An id or alias; nil if the service is known or nothing is close.
    public func suggestion(for service: Service) -> String? {
        guard canonicalIDs[service] == nil else { return nil }
        return closestMatch(to: service.id, among: canonicalIDs.keys.lazy.map(\.id))
    }

    /// The ids that mean a service: its own and its aliases; none if it is not known.
    func ids(of service: Service) -> [Service] {
        definitions[service].map { [service] + $0.aliases } ?? []
    }

    private mutating func add(_ definition: ServiceDefinition) {
        definitions[definition.service] = definition
        canonicalIDs[definition.service] = definition.service
        for alias in definition.aliases { canonicalIDs[alias] = definition.service }
        for variable in definition.variables + definition.fields.values.joined() where variable.tier != .generic {
            claimedNames.insert(variable.name)
        }
    }

    /// Adds what a configuration says about services.
    ///
    /// - Returns: Descriptions of aliases that another service has already, with the id that has it.
    mutating func apply(_ settings: [Service: ProviderSettings]) -> [(alias: Service, owner: Service)] {
        var conflicts: [(Service, Service)] = []
        for setting in settings.values { claimedNames.formUnion(setting.env ?? []) }
        for (id, setting) in settings.sorted(by: { $0.key < $1.key }) {
            add(described(by: setting, as: id, over: definitions, beside: settings, &conflicts))
        }
        return conflicts
    }

    /// The services that differ under a profile, with all that is said of them there.
    ///
    /// Works on the catalogue without the profile, and takes no longer than the profile has services.
    func definitions(
        under settings: [Service: ProviderSettings]
    ) -> (definitions: [ServiceDefinition], conflicts: [(alias: Service, owner: Service)]) {
        var conflicts: [(Service, Service)] = []
        let definitions = settings.sorted { $0.key < $1.key }
            .map { described(by: $0.value, as: $0.key, over: Self.standard.definitions, beside: settings, &conflicts) }
        return (definitions, conflicts)
    }

    /// What a configuration makes of a service.
    private func described(
        by setting: ProviderSettings,
        as id: Service,
        over known: [Service: ServiceDefinition],
        beside settings: [Service: ProviderSettings],
        _ conflicts: inout [(Service, Service)]
    ) -> ServiceDefinition {
        let service = canonical(id)
        var definition = known[service] ?? unlisted(service, GenericNames.all(for: service))
        definition.isListed = true
        if let names = setting.env { definition.replaceVariables(with: names) }
        if let constant = setting.fixed {
            definition.replaceVariables(with: [])
            definition.constant = constant
        }
        if let isKeyRequired = setting.isKeyRequired { definition.isKeyRequired = isKeyRequired }
        for alias in setting.aliases {
            // An id that the same configuration describes further on is taken as well.
            let owner = canonicalIDs[alias] ?? (settings[alias] == nil ? nil : alias)
            if let owner, owner != service {
                conflicts.append((alias, owner))
            } else {
                definition.aliases.append(alias)
            }
        }
        return definition
    }
}

extension ServiceDefinition {
    fileprivate mutating func addGenericNames(_ names: [String]) {
        let own = variables.map(\.name)
        for name in names where !own.contains(name) {
            variables.append(VariableName(name: name, tier: .generic, isShared: false, readBy: ""))
        }
    }

    /// Names in a configuration are the whole list: a user who names one variable does not want another to win.
    fileprivate mutating func replaceVariables(with names: [String]) {
        variables = names.map { VariableName(name: $0, tier: .configured, isShared: false, readBy: "") }
    }
}
