/// The services that are known by name, and a rule for all others.
public struct ServiceCatalogue: Sendable {
    private var definitions: [Service: ServiceDefinition] = [:]
    private var canonicalIDs: [Service: Service] = [:]

    /// Whose each name is, so that the generic rule doesn't claim it for another id.
    ///
    /// `openai_api` is not to find `OPENAI_API_KEY`.
    private(set) var owners: [String: NameOwner] = [:]

    /// The catalogue that ships with the package, from `services.json`.
    public static let standard = ServiceCatalogue(services: CatalogueData.services)

    init(services: [ServiceDefinition]) {
        definitions.reserveCapacity(services.count)
        canonicalIDs.reserveCapacity(2 * services.count)
        owners.reserveCapacity(3 * services.count)
        for definition in services { add(definition) }
        // The generic names come last and leave out what belongs to somebody else, so they need the whole list.
        for service in services.lazy.map(\.service) {
            let names = GenericNames.all(for: service).filter { owners[$0] == nil }
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
    /// A service that is neither listed nor configured has no other names: `npm` is not to find `NPM_TOKEN`. One that
    /// is asked for by an alias has those of the alias behind its own.
    ///
    /// - Parameter service: An id or an alias.
    /// - Returns: The definition.
    public func definition(of service: Service) -> ServiceDefinition {
        guard let known = definitions[canonical(service)] else {
            return unlisted(service, GenericNames.ofAnybody(service))
        }
        return definition(known, askedForAs: service)
    }

    /// A definition with the generic names of the alias by which its service was asked for, behind all others.
    func definition(_ definition: ServiceDefinition, askedForAs alias: Service) -> ServiceDefinition {
        // Whoever names the variables, or says that there are none, wants no others.
        guard alias != definition.service, definition.variables.contains(where: { $0.tier != .configured }) else {
            return definition
        }
        var definition = definition
        definition.addGenericNames(GenericNames.ofAlias(alias).filter(isFree))
        return definition
    }

    /// Whether a name may be anybody's.
    private func isFree(_ name: String) -> Bool { owners[name] == nil && !ForeignVariables.contain(name) }

    /// Whether a service is listed or configured, by an id or an alias.
    func knows(_ service: Service) -> Bool { canonicalIDs[service] != nil }

    /// All ids and aliases.
    var knownIDs: Dictionary<Service, Service>.Keys { canonicalIDs.keys }

    private func unlisted(_ service: Service, _ names: [String]) -> ServiceDefinition {
        var definition = ServiceDefinition(service: service)
        definition.isListed = false
        definition.addGenericNames(names.filter(isFree))
        return definition
    }

    /// The ids that mean a service: its own and its aliases; none if it is not known.
    func ids(of service: Service) -> [Service] { definitions[service].map { [service] + $0.aliases } ?? [] }

    private mutating func add(_ definition: ServiceDefinition) {
        definitions[definition.service] = definition
        canonicalIDs[definition.service] = definition.service
        for alias in definition.aliases { canonicalIDs[alias] = definition.service }
        for (rank, variable) in definition.variables.enumerated() where variable.tier != .generic {
            claim(variable.name, NameOwner(service: definition.service, rank: rank, isShared: variable.isShared))
        }
        for variable in definition.fields.values.joined() {
            claim(variable.name, NameOwner(service: definition.service, rank: .max, isShared: variable.isShared))
        }
    }

    /// Of several services with a name, it belongs to the one that tries it earliest.
    private mutating func claim(_ name: String, _ owner: NameOwner) {
        if let known = owners[name], known.rank <= owner.rank { return }
        owners[name] = owner
    }

    /// Adds what a configuration says about services.
    ///
    /// - Returns: Descriptions of aliases that another service has already, with the id that has it.
    mutating func apply(_ settings: [Service: ProviderSettings]) -> [(alias: Service, owner: Service)] {
        var conflicts: [(Service, Service)] = []
        let sorted = settings.sorted { $0.key < $1.key }
        for (id, setting) in sorted {
            for (rank, name) in (setting.env ?? []).enumerated() {
                claim(name, NameOwner(service: canonical(id), rank: rank, isShared: false))
            }
        }
        for (id, setting) in sorted {
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
        definition.isEnvironmentClosed = setting.isEnvironmentClosed
        if let constant = setting.fixed, !setting.isEnvironmentClosed {
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

/// The service whose a variable's name is.
struct NameOwner: Sendable {
    let service: Service

    /// Where the name stands among those of the service; the last for a field's.
    let rank: Int

    /// Whether the variable also serves other purposes than the service.
    let isShared: Bool
}
