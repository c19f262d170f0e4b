import JSON5Syntax
import KeyHooks

/// Works out where keys are.
struct BaoLocator: Sendable {
    /// Asking for the key of the vault itself would go in circles.
    private static let excluded: Set<Service> = ["openbao", "bao", "vault", "hashicorp_vault"]

    /// Where the keys of services are of which nothing else is said.
    private let common: LocationSettings

    init(_ configuration: OpenBaoConfiguration, namespace: String?) throws(KeyResolutionError) {
        common = try LocationSettings(configuration, namespace: namespace)
    }

    /// Where the answer to a request is; nil if the plugin does not answer it.
    func location(for request: KeyRequest) throws(KeyResolutionError) -> BaoLocation? {
        var request = request
        // A hook may have written an alias.
        request.service = request.catalogue.canonical(request.service)
        guard !Self.excluded.contains(request.service) else { return nil }
        let settings = try settings(for: request)
        let address = SecretAddress(
            namespace: settings.namespace,
            mount: settings.mount,
            path: try settings.path.expanded(for: request.service, request.scope),
            version: settings.version
        )
        let isSaid = settings.isOwn || settings.field != nil || request.rule?.countsOn(OpenBaoPlugin.id) == true
        let fields = SecretFields.names(for: request, field: settings.field, isOwn: settings.isOwn)
        return BaoLocation(address: address, fields: fields, isOwn: settings.isOwn, isSaid: isSaid)
    }

    /// The common settings, with what the user says of the service on top.
    private func settings(for request: KeyRequest) throws(KeyResolutionError) -> LocationSettings {
        guard let rule = request.rule else { return common }
        return try rule.section(of: OpenBaoPlugin.id) { node throws(KeyResolutionError) in
            var reader = JSONObjectReader(node, path: .root.appending("openbao"))
            let settings = OpenBaoServiceSettings(from: &reader)
            let mistakes = reader.finish()
            guard mistakes.isEmpty else {
                let text = mistakes.map { "\($0.path): \($0.message)" }.joined(separator: "; ")
                throw .invalidConfiguration(
                    "what the program tells the plugin of '\(request.service)' is wrong: \(text)",
                    remedy: "fix the override"
                )
            }
            var overlaid = try common.overlaid(with: settings, of: request.service)
            // Where another service is pointed at the same secret, it is nobody's own.
            if settings.path != nil, rule.isShared(["path", "mount", "namespace"], in: OpenBaoPlugin.id) {
                overlaid.isOwn = overlaid.path.namesService
            }
            return overlaid
        } ?? common
    }
}

/// Where keys are, for all services or for one.
struct LocationSettings: Sendable {
    var path: PathTemplate
    var field: String?
    var version: Int?
    var mount: [String]
    var namespace: String?

    /// Whether the path belongs to the service alone.
    var isOwn: Bool

    init(_ configuration: OpenBaoConfiguration, namespace: String?) throws(KeyResolutionError) {
        path = try PathTemplate(configuration.path, setting: "path")
        if let field = configuration.field { try SecretFields.validate(field, of: "OpenBao") }
        field = configuration.field
        version = configuration.version
        mount = try PathTemplate(configuration.mount, setting: "mount").fixed()
        self.namespace = namespace
        isOwn = path.namesService
    }

    /// The settings for one service.
    func overlaid(
        with settings: OpenBaoServiceSettings,
        of service: Service
    ) throws(KeyResolutionError) -> LocationSettings {
        var overlaid = self
        if let text = settings.path {
            overlaid.path = try PathTemplate(text, setting: "path of '\(service)'")
            // The version of another secret says nothing of this one.
            overlaid.version = nil
            overlaid.isOwn = true
        }
        overlaid.field = settings.field ?? field
        overlaid.version = settings.version ?? overlaid.version
        if let mount = settings.mount { overlaid.mount = try PathTemplate(mount, setting: "mount").fixed() }
        if let namespace = settings.namespace { overlaid.namespace = try OpenBaoKeySource.namespace(namespace) }
        return overlaid
    }
}
