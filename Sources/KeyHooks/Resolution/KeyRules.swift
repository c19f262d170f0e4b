/// The rules of all services that have one, with and without a profile.
package final class KeyRules: Sendable {
    private let rules: [Service: KeyRule]
    private let profiles: [String: [Service: KeyRule]]

    init(_ configuration: KeyConfiguration, overrides: [Service: ProviderSettings], _ catalogue: ServiceCatalogue) {
        let sources = KeyRuleSources(configuration, overrides: overrides, catalogue)
        rules = sources.rules(under: nil)
        var profiles: [String: [Service: KeyRule]] = [:]
        for profile in configuration.profiles.keys { profiles[profile] = sources.rules(under: profile) }
        self.profiles = profiles
    }

    var isEmpty: Bool { rules.isEmpty && profiles.values.allSatisfy(\.isEmpty) }

    /// All rules, with the profile that each is for.
    var all: [(profile: String?, rule: KeyRule)] {
        rules.values.map { (nil, $0) } + profiles.flatMap { profile, rules in rules.values.map { (profile, $0) } }
    }

    package func rule(of service: Service, under profile: String?) -> KeyRule? {
        if let profile, let rule = profiles[profile]?[service] { return rule }
        return rules[service]
    }
}

extension KeyRules: Hashable {
    package static func == (left: KeyRules, right: KeyRules) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
