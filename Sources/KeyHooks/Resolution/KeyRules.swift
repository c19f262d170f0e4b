/// The rules of all services that have one, with and without a profile, and the services that are known.
package final class KeyRules: Sendable {
    /// The services that the resolver knows.
    let catalogue: ServiceCatalogue
    private let isEmpty: Bool
    private let rules: [Service: KeyRule]

    /// The rules that differ under a profile.
    private let profiles: [String: [Service: KeyRule]]

    init(_ sources: KeyRuleSources, _ catalogue: ServiceCatalogue) {
        self.catalogue = catalogue
        let common = sources.rules(under: nil, catalogue, over: nil)
        rules = common.rules
        var profiles: [String: [Service: KeyRule]] = [:]
        for profile in sources.profiles {
            profiles[profile] = sources.rules(under: profile, catalogue, over: common.told).rules
        }
        self.profiles = profiles
        isEmpty = rules.isEmpty && profiles.values.allSatisfy(\.isEmpty)
    }

    package func rule(of service: Service, under profile: String?) -> KeyRule? {
        if isEmpty { return nil }
        if let profile, let rule = profiles[profile]?[service] { return rule }
        return rules[service]
    }
}
