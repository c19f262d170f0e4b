/// The rules of all services that have one, with and without a profile.
package final class KeyRules: Sendable {
    private let rules: [Service: KeyRule]

    /// The rules that differ under a profile.
    private let profiles: [String: [Service: KeyRule]]

    init(_ sources: KeyRuleSources, _ catalogue: ServiceCatalogue) {
        let common = sources.rules(under: nil, catalogue, over: nil)
        rules = common.rules
        var profiles: [String: [Service: KeyRule]] = [:]
        for profile in sources.profiles {
            profiles[profile] = sources.rules(under: profile, catalogue, over: common.told).rules
        }
        self.profiles = profiles
    }

    var isEmpty: Bool { rules.isEmpty && profiles.values.allSatisfy(\.isEmpty) }

    package func rule(of service: Service, under profile: String?) -> KeyRule? {
        if let profile, let rule = profiles[profile]?[service] { return rule }
        return rules[service]
    }
}

extension KeyRules: Hashable {
    package static func == (left: KeyRules, right: KeyRules) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
