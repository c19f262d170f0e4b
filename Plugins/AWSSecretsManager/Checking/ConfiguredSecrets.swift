#if AWS
import KeyHooks
import ServerSettings

/// The secrets that a section names, as far as they are known without a request.
struct ConfiguredSecrets: Sendable {
    /// One of them.
    struct Secret: Hashable, Sendable {
        let name: String

        /// The version that is pinned; nil for what the label says.
        let version: String?
    }

    private(set) var known: [Secret] = []

    /// What can't be looked at, and why.
    private(set) var unknown: [CheckFinding] = []

    /// - Parameters:
    ///   - section: The section.
    ///   - whole: The configuration.
    ///   - services: The services that are meant, by their canonical ids; none for those that the configuration names.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    init(
        _ section: AWSSection,
        in whole: KeyConfiguration,
        for services: [Service]
    ) throws(KeyResolutionError) {
        let catalogue = try whole.catalogue()
        let allowed = AllowedSources(whole, catalogue)
        let named = services.isEmpty ? Set(whole.providers.keys.map(catalogue.canonical)) : Set(services)
        let asked = named.filter { service in
            section.settings.hosts(service, in: catalogue) && allowed.allow(section.id, for: service, under: nil)
        }
        for service in services where !asked.contains(service) {
            unknown.append(
                .skipped(
                    "service \(service)",
                    "isn't asked for here: 'hosted', or what 'providers' says of it, leaves it out",
                    remedy: "add it to 'hosted' of \(section.name), or see: keyhooks explain \(service)"
                )
            )
        }
        for place in section.places {
            let words = place.words(behind: section.settings.prefix)
            if let service = place.service {
                if services.isEmpty || asked.contains(service) { add(place, service, section, words) }
                continue
            }
            guard place.template.namesService else {
                if services.isEmpty || !asked.isEmpty { add(place, nil, section, words) }
                continue
            }
            let own = Set(section.places.filter { $0.profile == nil }.compactMap(\.service))
            let rest = asked.subtracting(own).sorted()
            if rest.isEmpty, own.isEmpty {
                let reason =
                    services.isEmpty
                    ? "not looked at: no service is named under 'providers' or in 'hosted'"
                    : "not looked at: it isn't asked for these services"
                unknown.append(.skipped("secret \(words)", reason, remedy: "name services: keyhooks aws check openai"))
            }
            for service in rest { add(place, service, section, words) }
        }
        if section.places.isEmpty {
            unknown.append(.skipped("secrets", "the section names none: they are those that programs name"))
        }
    }

    private mutating func add(_ place: AWSPlace, _ service: Service?, _ section: AWSSection, _ words: String) {
        guard let name = place.name(of: service, behind: section.settings.prefix) else {
            let finding = CheckFinding.skipped("secret \(words)", "not looked at: its name depends on the request")
            if !unknown.contains(where: { $0.step == finding.step }) { unknown.append(finding) }
            return
        }
        let secret = Secret(name: name, version: place.version)
        if !known.contains(secret) { known.append(secret) }
    }
}
#endif
