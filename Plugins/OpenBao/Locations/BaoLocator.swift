import JSON5Syntax
import KeyHooks
import ServerSettings

/// Works out where keys are, with the words of the plugin's section.
struct BaoLocator: Sendable {
    /// Asking for the key of the vault itself would go in circles.
    static let excluded: Set<Service> = ["openbao", "bao", "vault", "hashicorp_vault"]

    private let locator: SecretLocator
    private let kind: SecretKind
    private let mount: [String]
    private let namespace: String?

    init(_ configuration: OpenBaoConfiguration, namespace: String?) throws(KeyResolutionError) {
        if let field = configuration.field { try SecretFields.validate(field, of: "OpenBao") }
        let (kind, name) = try configuration.secret()
        self.kind = kind
        locator = SecretLocator(
            template: try PathTemplate(name, setting: kind.setting),
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
            words: SecretKind.allCases.map(\.setting) + ["mount", "namespace"],
            reading: { SecretServiceSettings(ofOpenBao: &$0, service) }
        )
        guard let found else { return nil }
        let kind = found.parameters["kind"].flatMap(SecretKind.init) ?? kind
        let own = try found.parameters["mount"]
            .map { text throws(KeyResolutionError) in try PathTemplate(text, setting: "mount").fixed() }
        let address = SecretAddress(
            kind,
            namespace: try found.parameters["namespace"]
                .map { name throws(KeyResolutionError) in try OpenBaoKeySource.namespace(name) } ?? namespace,
            mount: kind.fixedMount ?? own ?? mount,
            path: found.segments,
            version: found.version.flatMap { Int($0) }
        )
        // Who asks for a field by its name gets no other, and so does who configures one.
        let isOpen = request.field == nil && found.isAlone && found.names.contains(SecretFields.commonNames[0])
        let fields = found.names + (isOpen ? kind.fields : [])
        return BaoLocation(address: address, fields: fields, isOwn: found.isAlone, isSaid: found.isSaid)
    }
}

extension SecretServiceSettings {
    /// Reads what a configuration tells the plugin about one service.
    init(ofOpenBao reader: inout JSONObjectReader, _ service: Service? = nil) {
        self.init()
        let of = service.map { " of '\($0)'" } ?? ""
        let named = SecretKind.allCases.compactMap { kind -> (kind: SecretKind, template: PathTemplate)? in
            reader.read(kind.setting) { $0.made { try PathTemplate($0, setting: "\(kind.setting)\(of)") } }
                .map { (kind, $0) }
        }
        template = named.first?.template
        for other in named.dropFirst() {
            reader.reject(other.kind.setting, "use either \(named[0].kind.setting) or \(other.kind.setting)")
        }
        field = reader.read("field") { $0.checked { try SecretFields.validate($0, of: "OpenBao") } }
        version = reader.int("version", in: 1...Int.max).map(String.init)
        let mount = reader.read("mount") { $0.fixedPath("mount") }
        let namespace = reader.read("namespace") { $0.checked { _ = try OpenBaoKeySource.namespace($0) } }
        if let kind = named.first?.kind, [.creds, .library].contains(kind), mount == nil {
            reader.reject(kind.setting, "needs 'mount', where the engine is, such as \"database\"")
        }
        // A path beside a section that lends is one of KV.
        let kind = named.first?.kind.rawValue
        parameters = ["mount": mount, "namespace": namespace, "kind": kind].compactMapValues(\.self)
    }
}
