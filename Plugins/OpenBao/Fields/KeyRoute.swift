import KeyHooks

/// Where the key of one request is: the secret, and its fields.
struct KeyRoute: Hashable, Sendable {
    let address: SecretAddress
    let choice: FieldChoice

    /// Whether the path belongs to the service alone.
    let isOwn: Bool
}

/// What is asked for: the main key of a service or a named field.
struct KeyQuestion: Hashable, Sendable {
    var service: Service
    let field: String?
    let scope: KeyScope
}

/// Works out where keys are.
struct KeyRoutes: Sendable {
    /// What the configuration says for all services or for one.
    private struct Rule {
        let path: PathTemplate
        let field: String?
        let version: Int?
        let isOwn: Bool
    }

    /// Names of fields that say nothing of the service, so they count only in a secret that is the service's own: in a
    /// secret for many they would give one provider's key to another.
    private static let commonNames = ["api_key", "key", "value"]

    /// Asking for the key of the vault itself would go in circles.
    private static let excluded: Set<Service> = ["openbao", "bao", "vault", "hashicorp_vault"]

    private let common: Rule
    private let rules: [Service: Rule]
    private let mount: [String]
    private let namespace: String?
    private let catalogue: ServiceCatalogue

    init(
        _ configuration: OpenBaoConfiguration,
        namespace: String?,
        _ catalogue: ServiceCatalogue
    ) throws(KeyResolutionError) {
        mount = try PathTemplate(configuration.mount, setting: "mount").fixed()
        self.namespace = namespace
        self.catalogue = catalogue
        let path = try PathTemplate(configuration.path, setting: "path")
        if let field = configuration.field { try FieldChoice.validate(field) }
        common = Rule(
            path: path,
            field: configuration.field,
            version: configuration.version,
            isOwn: path.namesService
        )
        var rules: [Service: Rule] = [:]
        let uses = Dictionary(grouping: configuration.services.values.compactMap(\.path)) { $0 }
        for (service, settings) in configuration.services {
            if let field = settings.field { try FieldChoice.validate(field) }
            let own = try settings.path.map { text throws(KeyResolutionError) in
                try PathTemplate(text, setting: "path of '\(service)'")
            }
            rules[catalogue.canonical(service)] = Rule(
                path: own ?? path,
                field: settings.field ?? configuration.field,
                version: own == nil ? settings.version ?? configuration.version : settings.version,
                isOwn: (own ?? path).namesService || settings.path.map { uses[$0]?.count == 1 } ?? false
            )
        }
        self.rules = rules
    }

    /// Where the answer to a question is; nil if the plugin does not answer it.
    func route(for question: KeyQuestion) throws(KeyResolutionError) -> KeyRoute? {
        var question = question
        // A hook may have written an alias.
        question.service = catalogue.canonical(question.service)
        guard !Self.excluded.contains(question.service) else { return nil }
        let rule = rules[question.service] ?? common
        let address = SecretAddress(
            namespace: namespace,
            mount: mount,
            path: try rule.path.expanded(for: question.service, question.scope),
            version: rule.version
        )
        return KeyRoute(address: address, choice: choice(for: question, rule), isOwn: rule.isOwn)
    }

    private func choice(for question: KeyQuestion, _ rule: Rule) -> FieldChoice {
        let definition = catalogue.definition(of: question.service)
        if let field = question.field {
            let names = definition.fields[field]?.map(\.name) ?? []
            return FieldChoice(names: names + (rule.isOwn ? [field] : []))
        }
        if let field = rule.field {
            return FieldChoice(names: [field.replacing("{service}", with: question.service.id)])
        }
        return FieldChoice(names: definition.variables.map(\.name) + (rule.isOwn ? Self.commonNames : []))
    }

    /// Whether a secret may hold the key of a service for any scope.
    func mayHold(_ address: SecretAddress, keyOf service: Service) -> Bool {
        let service = catalogue.canonical(service)
        return (rules[service] ?? common).path.matches(address.path, for: service)
    }
}
