import JSON5Syntax
import KeyHooks

/// Works out where keys are, with the words of the plugin's section.
struct BaoLocator: Sendable {
    /// Asking for the key of the vault itself would go in circles.
    static let excluded: Set<Service> = ["openbao", "bao", "vault", "hashicorp_vault"]

    private let locator: SecretLocator
    private let mount: [String]
    private let namespace: String?

    init(_ configuration: OpenBaoConfiguration, namespace: String?) throws(KeyResolutionError) {
        if let field = configuration.field { try SecretFields.validate(field, of: "OpenBao") }
        locator = SecretLocator(
            template: try PathTemplate(configuration.path, setting: "path"),
            field: configuration.field,
            version: configuration.version.map(String.init)
        )
        mount = try PathTemplate(configuration.mount, setting: "mount").fixed()
        self.namespace = namespace
    }

    /// Where the answer to a request is; nil if the plugin does not answer it.
    func location(for request: KeyRequest) throws(KeyResolutionError) -> BaoLocation? {
        let service = request.catalogue.canonical(request.service)
        guard !Self.excluded.contains(service) else { return nil }
        let found = try locator.location(
            for: request,
            of: OpenBaoPlugin.id,
            words: ["path", "mount", "namespace"],
            reading: { SecretServiceSettings(ofOpenBao: &$0, service) }
        )
        guard let found else { return nil }
        let address = SecretAddress(
            namespace: try found.parameters["namespace"]
                .map { name throws(KeyResolutionError) in try OpenBaoKeySource.namespace(name) } ?? namespace,
            mount: try found.parameters["mount"]
                .map { text throws(KeyResolutionError) in try PathTemplate(text, setting: "mount").fixed() } ?? mount,
            path: found.segments,
            version: found.version.flatMap { Int($0) }
        )
        return BaoLocation(address: address, fields: found.names, isOwn: found.isAlone, isSaid: found.isSaid)
    }
}

extension SecretServiceSettings {
    /// Reads what a configuration tells the plugin about one service.
    init(ofOpenBao reader: inout JSONObjectReader, _ service: Service? = nil) {
        self.init()
        let of = service.map { " of '\($0)'" } ?? ""
        template = reader.read("path") { $0.made { try PathTemplate($0, setting: "path\(of)") } }
        field = reader.read("field") { $0.checked { try SecretFields.validate($0, of: "OpenBao") } }
        version = reader.int("version", in: 1...Int.max).map(String.init)
        let mount = reader.read("mount") { $0.fixedPath("mount") }
        let namespace = reader.read("namespace") { $0.checked { _ = try OpenBaoKeySource.namespace($0) } }
        parameters = ["mount": mount, "namespace": namespace].compactMapValues(\.self)
    }
}
