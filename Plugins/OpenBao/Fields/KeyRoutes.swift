import JSON5Syntax
import KeyHooks
import Synchronization

/// Works out where keys are.
struct KeyRoutes: Sendable {
    /// Names of fields that say nothing of the service, so they count only in a secret that is the service's own: in a
    /// secret for many they would give one provider's key to another.
    static let commonNames = ["api_key", "key", "value"]

    /// Asking for the key of the vault itself would go in circles.
    private static let excluded: Set<Service> = ["openbao", "bao", "vault", "hashicorp_vault"]

    private let common: RouteRule
    private let rules: [Service: RouteRule]
    private let catalogue: ServiceCatalogue
    private let overridden = OverriddenAddresses()

    init(
        _ configuration: OpenBaoConfiguration,
        namespace: String?,
        _ catalogue: ServiceCatalogue
    ) throws(KeyResolutionError) {
        self.catalogue = catalogue
        let common = try RouteRule(configuration, namespace: namespace)
        var rules: [Service: RouteRule] = [:]
        let uses = Dictionary(grouping: configuration.services.values.compactMap(\.path)) { $0 }
        for (service, settings) in configuration.services {
            var rule = try common.overlaid(with: settings, of: service)
            if let path = settings.path, uses[path]?.count != 1 { rule.isOwn = rule.path.namesService }
            rules[catalogue.canonical(service)] = rule
        }
        self.common = common
        self.rules = rules
    }

    /// Where the answer to a question is; nil if the plugin does not answer it.
    func route(for question: KeyQuestion) throws(KeyResolutionError) -> KeyRoute? {
        var question = question
        // A hook may have written an alias.
        question.service = catalogue.canonical(question.service)
        guard !Self.excluded.contains(question.service) else { return nil }
        let rule = try rule(for: question)
        let address = SecretAddress(
            namespace: rule.namespace,
            mount: rule.mount,
            path: try rule.path.expanded(for: question.service, question.scope),
            version: rule.version,
            timeToLive: question.rule?.timeToLive
        )
        if question.rule?.tells(OpenBaoPlugin.id) == true { overridden.insert(address) }
        let isSaid =
            rule.isOwn || rule.field != nil || rules[question.service] != nil
            || question.rule?.countsOn(OpenBaoPlugin.id) == true
        return KeyRoute(address: address, choice: choice(for: question, rule), isOwn: rule.isOwn, isSaid: isSaid)
    }

    /// The plugin's rule for the service, with what the resolver says of it on top.
    private func rule(for question: KeyQuestion) throws(KeyResolutionError) -> RouteRule {
        let own = rules[question.service] ?? common
        guard let rule = question.rule else { return own }
        return try rule.section(of: OpenBaoPlugin.id) { node throws(KeyResolutionError) in
            var reader = JSONObjectReader(node, path: .root.appending("openbao"))
            let settings = OpenBaoServiceSettings(from: &reader)
            let mistakes = reader.finish()
            guard mistakes.isEmpty else {
                let text = mistakes.map { "\($0.path): \($0.message)" }.joined(separator: "; ")
                throw KeyResolutionError(
                    .invalidConfiguration,
                    "what the program tells the plugin of '\(question.service)' is wrong: \(text)",
                    remedy: "fix the override"
                )
            }
            var overlaid = try own.overlaid(with: settings, of: question.service)
            if settings.path != nil, isShared(rule) { overlaid.isOwn = overlaid.path.namesService }
            return overlaid
        } ?? own
    }

    /// Whether another service is pointed at the same secret: then it is nobody's own.
    private func isShared(_ rule: KeyRule) -> Bool {
        rule.isShared(["path", "mount", "namespace"], in: OpenBaoPlugin.id)
    }

    private func choice(for question: KeyQuestion, _ rule: RouteRule) -> FieldChoice {
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

    /// Whether a secret may hold the key of a service for any scope and by any rule.
    ///
    /// Which service a resolver's rule led to a secret for is not known here, so every such secret counts.
    func mayHold(_ address: SecretAddress, keyOf service: Service) -> Bool {
        (rules[catalogue.canonical(service)] ?? common).path.matches(address.path, for: catalogue.canonical(service))
            || overridden.mayContain(address)
    }
}

/// The secrets that resolvers' rules led to, which the plugin's own rules do not tell.
final class OverriddenAddresses: Sendable {
    private let addresses = Mutex<Set<SecretAddress>>([])

    /// Paths may have parts of the request in them, so their number is bounded.
    private static let limit = 1_000

    func insert(_ address: SecretAddress) {
        addresses.withLock { addresses in
            if addresses.count < Self.limit { addresses.insert(address) }
        }
    }

    /// Whether a rule may have led to a secret; also true once there are too many to remember.
    func mayContain(_ address: SecretAddress) -> Bool {
        addresses.withLock { $0.count >= Self.limit || $0.contains(address) }
    }
}
