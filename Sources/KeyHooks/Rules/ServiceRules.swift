import ExtensionHooks
import JSON5Syntax
import Synchronization

/// The rules of all services that have one, with and without a profile, and the services that are known.
package final class ServiceRules: Sendable {
    private static let made = Atomic<UInt64>(0)

    /// Tells these from all other rules of the process, which may say something else.
    let number = ServiceRules.made.add(1, ordering: .relaxed).newValue

    /// The services that the resolver knows.
    let catalogue: ServiceCatalogue
    private let isEmpty: Bool
    private let rules: [Service: ServiceRule]

    /// The rules that differ under a profile.
    private let profiles: [String: [Service: ServiceRule]]

    init(_ sources: RuleLayers, _ catalogue: ServiceCatalogue) {
        self.catalogue = catalogue
        let common = sources.rules(under: nil, catalogue, over: nil)
        rules = common.rules
        var profiles: [String: [Service: ServiceRule]] = [:]
        for profile in sources.profiles {
            profiles[profile] = sources.rules(under: profile, catalogue, over: common.shared).rules
        }
        self.profiles = profiles
        isEmpty = rules.isEmpty && profiles.values.allSatisfy(\.isEmpty)
    }

    package func rule(of service: Service, under profile: String?) -> ServiceRule? {
        if isEmpty { return nil }
        if let profile, let rule = profiles[profile]?[service] { return rule }
        return rules[service]
    }
}

/// Where rules come from, the weakest first: `providers`, a profile's `providers`, the program.
struct RuleLayers {
    private let configuration: KeyConfiguration
    private let overrides: [Service: ProviderSettings]

    /// What holds without a profile; put in order once, however many profiles there are.
    private let common: RuleLayer
    private let profileNodes: [ExactText: JSONNode]

    init(_ configuration: KeyConfiguration, overrides: [Service: ProviderSettings]) {
        self.configuration = configuration
        self.overrides = overrides
        common = RuleLayer(
            settings: configuration.providers,
            path: "providers.",
            file: configuration.path,
            nodes: configuration.document?["providers"]?.membersByService ?? [:]
        )
        profileNodes = configuration.document?["profiles"]?.membersByName ?? [:]
    }

    var profiles: Dictionary<String, KeyProfile>.Keys { configuration.profiles.keys }

    /// What is said of services: of all without a profile, and under one of those that it changes.
    ///
    /// The others are as without the profile, so that many profiles over many services cost no more than what is
    /// written.
    func settings(under profile: String?) -> [Service: ProviderSettings] {
        guard let profile else { return configuration.providers.merging(overrides) { $0.overlaid(with: $1) } }
        var settings = configuration.profiles[profile]?.providers ?? [:]
        for (service, own) in settings {
            var merged = configuration.providers[service]?.overlaid(with: own) ?? own
            if let override = overrides[service] { merged = merged.overlaid(with: override) }
            settings[service] = merged
        }
        return settings
    }

    /// The services, with what the configuration and the program say of them without a profile.
    func catalogue() throws(KeyResolutionError) -> ServiceCatalogue {
        var catalogue = ServiceCatalogue.standard
        try Self.check(catalogue.apply(settings(under: nil)))
        return catalogue
    }

    /// The services that differ under a profile.
    func definitions(
        under profile: String,
        _ catalogue: ServiceCatalogue
    ) throws(KeyResolutionError) -> [ServiceDefinition] {
        let (definitions, conflicts) = catalogue.definitions(under: settings(under: profile))
        try Self.check(conflicts)
        return definitions
    }

    private static func check(_ conflicts: [(alias: Service, owner: Service)]) throws(KeyResolutionError) {
        guard !conflicts.isEmpty else { return }
        throw .invalidConfiguration(
            firstLines(of: conflicts) { "the alias '\($0.alias)' already means '\($0.owner)'" },
            remedy: conflicts.count == 1 ? "choose another alias" : "choose other aliases"
        )
    }

    /// The rules of the services that have settings under a profile.
    func rules(
        under profile: String?,
        _ catalogue: ServiceCatalogue,
        over common: SharedSections?
    ) -> (rules: [Service: ServiceRule], shared: SharedSections) {
        let all = settings(under: profile)
        var sections: [PluginID: [Service: JSONNode]] = [:]
        for (id, settings) in all {
            for (plugin, section) in settings.sections {
                sections[plugin, default: [:]][catalogue.canonical(id)] = section
            }
        }
        let shared = SharedSections(sections, over: common)
        let layers = layers(under: profile)
        var rules: [Service: ServiceRule] = [:]
        for (id, settings) in all {
            let service = catalogue.canonical(id)
            rules[service] = ServiceRule(
                service,
                settings,
                layers: layers.compactMap { $0.layer(of: id) },
                shared: shared
            )
        }
        return (rules, shared)
    }

    private func layers(under profile: String?) -> [RuleLayer] {
        let own = profile.map { profile in
            RuleLayer(
                settings: configuration.profiles[profile]?.providers ?? [:],
                path: "profiles.\(displayText(profile)).providers.",
                file: configuration.path,
                nodes: profileNodes[ExactText(profile)]?["providers"]?.membersByService ?? [:]
            )
        }
        return [common] + (own.map { [$0] } ?? []) + [RuleLayer(settings: overrides)]
    }
}

/// The settings of one layer, by service.
private struct RuleLayer {
    let settings: [Service: ProviderSettings]

    /// What stands before the service in a path; nil for the program.
    var path: String?
    var file: String?

    /// Where the services are in the file; looked up for each, so they are put in order once.
    var nodes: [Service: JSONNode] = [:]

    func layer(of service: Service) -> RuleStatement? {
        settings[service]
            .map { settings in
                RuleStatement(
                    settings: settings,
                    path: path.map { "\($0)\(service)" } ?? "override(_:)",
                    file: file,
                    node: nodes[service]
                )
            }
    }
}

extension JSONNode {
    /// The members by their names, for those who look many of them up.
    var membersByName: [ExactText: JSONNode] {
        Dictionary((members ?? []).map { (ExactText($0.name), $0.value) }) { first, _ in first }
    }

    /// The members by the services that they name.
    var membersByService: [Service: JSONNode] {
        Dictionary((members ?? []).map { (Service($0.name), $0.value) }) { first, _ in first }
    }
}
