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
///
/// All are put in order by what services are called in the end: a profile may name a service by an alias that the
/// configuration gives it, and what is said without the profile holds there all the same.
struct RuleLayers {
    /// What holds without a profile; put in order once, however many profiles there are.
    private let common: RuleLayer
    private let ofProfiles: [String: RuleLayer]
    private let overrides: RuleLayer

    init(_ configuration: KeyConfiguration, overrides: [Service: ProviderSettings]) {
        var aliases: [Service: Service] = [:]
        for (service, settings) in configuration.providers.merging(
            overrides,
            uniquingKeysWith: { $0.overlaid(with: $1) }
        ) {
            for alias in settings.aliases { aliases[alias] = service }
        }
        let (file, document) = (configuration.path, configuration.document)
        common = RuleLayer(configuration.providers, aliases, path: "providers.", file, document?["providers"])
        let nodes = document?["profiles"]?.membersByName ?? [:]
        ofProfiles = Dictionary(
            uniqueKeysWithValues: configuration.profiles.map { name, profile in
                let path = "profiles.\(displayText(name)).providers."
                return (
                    name, RuleLayer(profile.providers, aliases, path: path, file, nodes[ExactText(name)]?["providers"])
                )
            }
        )
        self.overrides = RuleLayer(overrides, aliases)
    }

    var profiles: Dictionary<String, RuleLayer>.Keys { ofProfiles.keys }

    /// What is said of services: of all without a profile, and under one of those that it changes.
    ///
    /// The others are as without the profile, so that many profiles over many services cost no more than what is
    /// written.
    func settings(under profile: String?) -> [Service: ProviderSettings] {
        guard let profile else { return common.settings.merging(overrides.settings) { $0.overlaid(with: $1) } }
        var settings = ofProfiles[profile]?.settings ?? [:]
        for (service, own) in settings {
            var merged = common.settings[service]?.overlaid(with: own) ?? own
            if let override = overrides.settings[service] { merged = merged.overlaid(with: override) }
            settings[service] = merged
        }
        return settings
    }

    /// The services, with what the configuration and the program say of them without a profile.
    func catalogue() throws(KeyResolutionError) -> ServiceCatalogue {
        let twice = ([common, overrides] + ofProfiles.sorted { $0.key < $1.key }.map(\.value)).flatMap(\.twice)
        guard twice.isEmpty else {
            throw .invalidConfiguration(
                firstLines(of: twice) { "\($0) and \($1) are the same service" },
                remedy: "say all of it under one of the two"
            )
        }
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
        let layers = [self.common] + [profile.flatMap { ofProfiles[$0] }].compactMap(\.self) + [overrides]
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
}

/// The settings of one layer, by what the services are called in the end.
struct RuleLayer {
    private(set) var settings: [Service: ProviderSettings] = [:]

    /// The places of settings for one service under two names.
    private(set) var twice: [(String, String)] = []

    /// What the services are called here.
    private var written: [Service: Service] = [:]

    /// What stands before the service in a path; nil for the program.
    private let path: String?
    private let file: String?

    /// Where the services are in the file; looked up for each, so they are put in order once.
    private let nodes: [Service: JSONNode]

    init(
        _ all: [Service: ProviderSettings],
        _ aliases: [Service: Service],
        path: String? = nil,
        _ file: String? = nil,
        _ node: JSONNode? = nil
    ) {
        self.path = path
        self.file = file
        nodes = node?.membersByService ?? [:]
        for (name, own) in all.sorted(by: { $0.key < $1.key }) {
            let known = ServiceCatalogue.standard.canonical(name)
            let service = ServiceCatalogue.standard.canonical(aliases[known] ?? known)
            if let other = written[service] { twice.append((place(of: other), place(of: name))) }
            written[service] = name
            settings[service] = own
        }
    }

    private func place(of name: Service) -> String { path.map { "\($0)\(name)" } ?? "override(_:)" }

    func layer(of service: Service) -> RuleStatement? {
        guard let own = settings[service], let name = written[service] else { return nil }
        return RuleStatement(settings: own, path: place(of: name), file: file, node: nodes[name])
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
