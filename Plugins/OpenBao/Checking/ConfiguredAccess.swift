import JSON5Syntax
import KeyHooks

/// A section of a configuration by which OpenBao is asked: the plugin's, or that of a secret manager.
struct BaoSection: Sendable {
    /// Its path in the file.
    let name: String

    let id: PluginID
    let configuration: OpenBaoConfiguration

    /// The namespace of secrets where nothing else is said.
    let namespace: String?

    /// Where keys are.
    var places: [BaoPlace] = []

    /// What may be done with secrets by their names; nil for the plugin, which reads keys and nothing else.
    var manager: SecretManagerSettings?
}

/// Where the keys of one service are, or those of all that nothing else is said of.
struct BaoPlace: Sendable {
    var kind = SecretKind.kv
    let service: Service?
    let profile: String?
    let namespace: String?
    let mount: [String]
    let template: PathTemplate

    /// What stands before the name of the secret.
    var prefix = ""

    /// Whose keys these are, as it follows "the key".
    var words: String {
        guard let service else { return template.namesService ? "of each service" : "of any service" }
        return "of '\(service)'" + (profile.map { " under the profile '\(displayText($0))'" } ?? "")
    }

    /// The path below the mount, as far as it is known.
    var segments: [PathTemplate.Segment] { Self.behind(prefix, template.segments(for: service, profile: profile)) }

    /// The path below the mount for one request.
    func segments(
        for service: Service,
        _ scope: KeyScope
    ) throws(KeyResolutionError) -> [PathTemplate.Segment] {
        Self.behind(prefix, try template.expanded(for: service, scope).map { .exactly($0) })
    }

    private static func behind(_ prefix: String, _ segments: [PathTemplate.Segment]) -> [PathTemplate.Segment] {
        var folders = prefix.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let end = folders.popLast(), let first = segments.first else { return segments }
        let joined: PathTemplate.Segment =
            switch first {
            case .exactly(let text): .exactly(end + text)
            case .anything(let before, let after): .anything(after: end + before, before: after)
            }
        return folders.map { .exactly($0) } + [joined] + segments.dropFirst()
    }
}

extension BaoSection {
    /// All sections by which OpenBao is asked.
    ///
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    static func all(in context: PluginContext) throws(KeyResolutionError) -> [BaoSection] {
        let whole = context.configuration
        let environment = BaoEnvironment(context)
        var sections: [BaoSection] = []
        if let configuration = try OpenBaoConfiguration(whole) {
            sections.append(try BaoSection(plugin: configuration, in: whole, environment))
        }
        for section in whole.managers where section.settings["kind"]?.string == OpenBaoSecretManager.kind.name {
            sections.append(try BaoSection(manager: section, in: whole, environment))
        }
        return sections
    }

    private init(
        plugin configuration: OpenBaoConfiguration,
        in whole: KeyConfiguration,
        _ environment: BaoEnvironment
    ) throws(KeyResolutionError) {
        name = "plugins.openbao"
        id = OpenBaoPlugin.id
        self.configuration = configuration
        namespace = try OpenBaoKeySource.configuredNamespace(configuration, environment)
        let (kind, generalName) = try configuration.secret()
        let general = try PathTemplate(generalName, setting: kind.setting)
        let mount = try PathTemplate(configuration.mount, setting: "mount").fixed()
        let catalogue = try whole.catalogue()
        let allowed = AllowedSources(whole, catalogue)
        places.append(
            BaoPlace(
                kind: kind,
                service: nil,
                profile: nil,
                namespace: namespace,
                mount: kind.fixedMount ?? mount,
                template: general
            )
        )
        for section in whole.sections(ofServicesFor: id) {
            let service = catalogue.canonical(section.service)
            guard !BaoLocator.excluded.contains(service),
                allowed.everAllow(id, for: service, saidUnder: section.profile)
            else { continue }
            let own = Self.settings(section) { SecretServiceSettings(ofOpenBao: &$0, section.service) }
            let kind = own.parameters?["kind"].flatMap(SecretKind.init) ?? kind
            let ownMount = try Self.mount(of: own)
            places.append(
                BaoPlace(
                    kind: kind,
                    service: service,
                    profile: section.profile,
                    namespace: try Self.namespace(of: own) ?? namespace,
                    mount: kind.fixedMount ?? ownMount ?? mount,
                    template: own.template ?? general
                )
            )
        }
    }

    private init(
        manager section: PluginSection,
        in whole: KeyConfiguration,
        _ environment: BaoEnvironment
    ) throws(KeyResolutionError) {
        name = "managers.\(section.id)"
        id = section.id
        configuration = try OpenBaoSecretManager.configuration(section, in: whole)
        namespace = try OpenBaoKeySource.configuredNamespace(configuration, environment)
        let settings = try SecretManagerSettings(section, in: whole)
        manager = settings
        let mount = try PathTemplate(configuration.mount, setting: "mount").fixed()
        let catalogue = try whole.catalogue()
        let allowed = AllowedSources(whole, catalogue)
        if let template = settings.template {
            places.append(
                BaoPlace(
                    service: nil,
                    profile: nil,
                    namespace: namespace,
                    mount: mount,
                    template: template,
                    prefix: settings.prefix
                )
            )
        }
        for section in whole.sections(ofServicesFor: id) {
            let service = catalogue.canonical(section.service)
            let isAsked =
                settings.hosts(service, in: catalogue)
                && allowed.everAllow(id, for: service, saidUnder: section.profile)
            let own = Self.settings(section) { SecretServiceSettings(from: &$0) }
            guard isAsked, let template = own.template ?? settings.template else { continue }
            places.append(
                BaoPlace(
                    service: service,
                    profile: section.profile,
                    namespace: try Self.namespace(of: own) ?? namespace,
                    mount: try Self.mount(of: own) ?? mount,
                    template: template,
                    prefix: settings.prefix
                )
            )
        }
    }

    /// Reads what is said of a service; what is wrong there was reported where the file was read.
    private static func settings(
        _ section: KeyConfiguration.ServiceSection,
        _ read: (inout JSONObjectReader) -> SecretServiceSettings
    ) -> SecretServiceSettings {
        var reader = JSONObjectReader(section.settings, path: section.path)
        return read(&reader)
    }

    private static func namespace(of own: SecretServiceSettings) throws(KeyResolutionError) -> String? {
        try OpenBaoKeySource.namespace(own.parameters?["namespace"])
    }

    private static func mount(of own: SecretServiceSettings) throws(KeyResolutionError) -> [String]? {
        guard let mount = own.parameters?["mount"] else { return nil }
        return try PathTemplate(mount, setting: "mount").fixed()
    }
}

extension BaoSection {
    /// The mounts that are asked, each with its namespace.
    var mounts: [BaoMount] {
        let own = (try? PathTemplate(configuration.mount, setting: "mount").fixed()) ?? []
        // What the plugin's section says counts as far as keys are there; a manager's is for any name.
        let general = manager == nil ? [] : [BaoMount(namespace: namespace, path: own)]
        return (general + places.filter { !$0.kind.isLent }.map { BaoMount(namespace: $0.namespace, path: $0.mount) })
            .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The mounts of engines that lend.
    var lendingMounts: [BaoMount] {
        places.filter { $0.kind.isLent && $0.kind.fixedMount == nil }
            .map { BaoMount(namespace: $0.namespace, path: $0.mount) }
            .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The place that a service's keys are at under a profile; nil if the section has nothing to do with it.
    func place(of service: Service, under profile: String?) -> BaoPlace? {
        let own = places.filter { $0.service == service }
        return own.first { $0.profile == profile } ?? own.first { $0.profile == nil }
            ?? places.first { $0.service == nil }
    }
}

/// A mount in a namespace.
struct BaoMount: Hashable, Sendable {
    /// Nil for the root.
    let namespace: String?
    let path: [String]
}
