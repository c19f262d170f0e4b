/// The services that are known by name, and a rule for all others.
public struct ServiceCatalogue: Sendable {
    private var definitions: [Service: ServiceDefinition] = [:]
    private var canonicalIDs: [Service: Service] = [:]

    /// Names that the generic rule may not claim for another id: `openai_api` is not to find `OPENAI_API_KEY`.
    private var claimedNames: Set<String> = GenericNames.reserved

    /// The catalogue that ships with the package, from `services.json`.
    public static let standard = ServiceCatalogue(services: CatalogueData.services)

    init(services: [ServiceDefinition]) {
        for definition in services { add(definition) }
        // The generic names come last and leave out what belongs to somebody else, so they need the whole list.
        for service in definitions.keys { definitions[service]?.addGenericNames(except: claimedNames) }
    }

    /// All known services in the order of their ids.
    public var all: [ServiceDefinition] { definitions.values.sorted { $0.service < $1.service } }

    /// The canonical service for an id or an alias; a service that nobody knows stands for itself.
    ///
    /// - Parameter service: Any service.
    /// - Returns: The service under which keys are looked up.
    public func canonical(_ service: Service) -> Service { canonicalIDs[service] ?? service }

    /// What is known of a service; for one that nobody knows, what the generic rule says.
    ///
    /// - Parameter service: An id or an alias.
    /// - Returns: The definition.
    public func definition(of service: Service) -> ServiceDefinition {
        if let known = definitions[canonical(service)] { return known }
        var definition = ServiceDefinition(service: service)
        definition.isListed = false
        definition.addGenericNames(except: claimedNames)
        return definition
    }

    /// The known id that was most likely meant by an unknown one.
    ///
    /// - Parameter service: Any service.
    /// - Returns: An id or alias; nil if the service is known or nothing is close.
    public func suggestion(for service: Service) -> String? {
        guard canonicalIDs[service] == nil else { return nil }
        return closestMatch(to: service.id, among: canonicalIDs.keys.map(\.id).sorted())
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
        for (id, setting) in settings.sorted(by: { $0.key < $1.key }) {
            var definition = definition(of: id)
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
                if let owner, owner != definition.service {
                    conflicts.append((alias, owner))
                } else {
                    definition.aliases.append(alias)
                }
            }
            add(definition)
        }
        return conflicts
    }
}

extension ServiceDefinition {
    fileprivate mutating func addGenericNames(except taken: Set<String>) {
        let own = Set(variables.map(\.name))
        for name in GenericNames.names(for: service) where !own.contains(name) && !taken.contains(name) {
            variables.append(VariableName(name: name, tier: .generic, isShared: false, readBy: ""))
        }
    }

    /// Names in a configuration are the whole list: a user who names one variable does not want another to win.
    fileprivate mutating func replaceVariables(with names: [String]) {
        variables = names.map { VariableName(name: $0, tier: .configured, isShared: false, readBy: "") }
    }
}
