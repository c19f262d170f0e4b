#if AWS
import JSON5Syntax
import KeyHooks

/// A section of a configuration by which Secrets Manager is asked: the plugin's, or that of a secret manager.
struct AWSSection: Sendable {
    /// Its path in the file.
    let name: String

    let id: PluginID
    let configuration: AWSConfiguration
    let settings: SecretManagerSettings

    /// Where keys are.
    private(set) var places: [AWSPlace] = []

    /// All sections by which Secrets Manager is asked.
    ///
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    static func all(in whole: KeyConfiguration) throws(KeyResolutionError) -> [AWSSection] {
        var sections: [AWSSection] = []
        for var section in whole.plugins where section.id == AWSPlugin.id {
            section.isOfManagingPlugin = true
            sections.append(try AWSSection(section, in: whole))
        }
        for section in whole.managers where section.settings["kind"]?.string == AWSPlugin.kind.name {
            sections.append(try AWSSection(section, in: whole))
        }
        return sections
    }

    private init(_ section: PluginSection, in whole: KeyConfiguration) throws(KeyResolutionError) {
        name = "\(section.isOfManagingPlugin ? "plugins" : "managers").\(section.id)"
        id = section.id
        configuration = try AWSConfiguration(section, in: whole)
        try configuration.check()
        settings = try SecretManagerSettings(section, in: whole)
        let catalogue = try whole.catalogue()
        let allowed = AllowedSources(whole, catalogue)
        for section in whole.sections(ofServicesFor: id) {
            let service = catalogue.canonical(section.service)
            guard settings.hosts(service, in: catalogue),
                allowed.everAllow(id, for: service, saidUnder: section.profile)
            else { continue }
            // What is wrong there was reported where the file was read.
            var reader = JSONObjectReader(section.settings, path: section.path)
            let own = SecretServiceSettings(from: &reader)
            guard let template = own.template ?? settings.template else { continue }
            places.append(
                AWSPlace(service: service, profile: section.profile, template: template, version: own.version)
            )
        }
        guard let template = settings.template else { return }
        let hosted = settings.hosted.flatMap { names in names.contains { $0.contains("*") } ? nil : names }
        guard template.namesService, let hosted else {
            places.append(AWSPlace(service: nil, profile: nil, template: template, version: nil))
            return
        }
        // All services are known.
        for service in Set(hosted.map { catalogue.canonical(Service($0)) }).sorted()
        where !places.contains(where: { $0.service == service && $0.profile == nil })
            && allowed.everAllow(id, for: service, saidUnder: nil)
        {
            places.append(AWSPlace(service: service, profile: nil, template: template, version: nil))
        }
    }
}
#endif
