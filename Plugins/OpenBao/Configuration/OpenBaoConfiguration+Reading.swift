import HTTPTransport
import JSON5Syntax
package import KeyHooks
import ServerSettings

extension OpenBaoConfiguration {
    /// Reads the section `openbao` of a configuration; nil if there is none.
    ///
    /// - Parameter configuration: The whole configuration.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration` that lists all mistakes.
    package init?(_ configuration: KeyConfiguration) throws(KeyResolutionError) {
        guard let section = configuration.plugins.first(where: { $0.id == OpenBaoPlugin.id }) else { return nil }
        try self.init(section, in: configuration)
    }

    /// Reads the section, and checks what the configuration tells the plugin about single services.
    init(_ section: PluginSection, in configuration: KeyConfiguration) throws(KeyResolutionError) {
        var reader = JSONObjectReader(section.settings, path: .root.appending("plugins").appending("openbao"))
        self.init(from: &reader, in: ConfigurationFolder(of: configuration))
        if let node = section.settings["address"], node.position != .inCode, let path = configuration.path {
            addressPlace = "\(path):\(node.position.line)"
        }
        var mistakes = reader.finish()
        mistakes += configuration.serviceMistakes(of: OpenBaoPlugin.id) { settings, path in
            var reader = JSONObjectReader(settings, path: path)
            _ = SecretServiceSettings(ofOpenBao: &reader)
            return reader.finish()
        }
        if !mistakes.isEmpty { throw configuration.invalid(JSONMistakes(mistakes)) }
    }

    private init(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) {
        let names = SecretKind.allCases.map { kind in
            reader.read(kind.setting) { $0.checked { _ = try PathTemplate($0, setting: kind.setting) } }
        }
        let named = SecretKind.allCases.filter { reader.value($0.setting) != nil }
        if named.isEmpty { reader.require("path") }
        for other in named.dropFirst() {
            reader.reject(other.setting, "use either \(named[0].setting) or \(other.setting)")
        }
        if named.count == 1, let kind = named.first, kind.isLent {
            if [.creds, .library].contains(kind), reader.value("mount") == nil {
                reader.reject(kind.setting, "needs 'mount', where the engine is, such as \"database\"")
            } else if reader.value("field") == nil, reader.value(kind.setting)?.string?.contains("{service}") == false {
                reader.reject(kind.setting, "is lent to all services alike: say in 'field' which field holds the key")
            }
        }
        self.init(path: names[0] ?? "")
        (creds, library, tokenRole) = (names[1], names[2], names[3])
        duration = reader.duration("duration")
        if let duration, duration < .seconds(1) { reader.reject("duration", "expected one second or more") }
        readServers(from: &reader, in: folder)
        field = reader.read("field") { $0.checked { try SecretFields.validate($0, of: "OpenBao") } }
        version = reader.int("version", in: 1...Int.max)
        settings.read(from: &reader)
        settings.leases.read(from: &reader)
    }

    /// Reads which servers there are, as whom they are asked, and where in them secrets are.
    mutating func readServers(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) {
        addresses = reader.read("address") { $0.addresses() }
        mount = reader.read("mount") { $0.fixedPath("mount") } ?? mount
        namespace = reader.read("namespace") { $0.checked { _ = try OpenBaoKeySource.namespace($0) } }
        loginNamespace = reader.read("loginNamespace") { $0.checked { _ = try OpenBaoKeySource.namespace($0) } }
        token = reader.read("token") { SecretReference.read(&$0) }.map(folder.reference)
        appRole = reader.object("appRole") { Self.appRole(from: &$0, in: folder) }
        let skipsVerification = reader.read("skipVerify") { $0.bool() }
        transport = HTTPTransportSettings(from: &reader, in: folder, of: .openBao)
        transport.acceptsAnyCertificate = skipsVerification == true
        checksCertificates = skipsVerification == false
        if token != nil, appRole != nil { reader.reject("appRole", "use either token or appRole") }
        logins = reader.read("login") { OpenBaoLogin.list(from: &$0, in: folder) } ?? []
        if reader.names.contains("login"), token != nil || appRole != nil {
            reader.reject("login", "use one of token, appRole and login: a login may name a token or an appRole")
        }
        kv = reader.int("kv", in: 1...2)
    }

    private static func appRole(
        from reader: inout JSONObjectReader,
        in folder: ConfigurationFolder
    ) -> AppRoleCredentials? {
        reader.require("roleID", "secretID")
        let role = reader.read("roleID") { $0.roleID() }
        let secret = reader.read("secretID") { SecretReference.read(&$0) }
        let mount = reader.read("mount") { $0.fixedPath("appRole.mount") } ?? "approle"
        guard let role, let secret else { return nil }
        return AppRoleCredentials(roleID: folder.roleID(role), secretID: folder.reference(secret), mount: mount)
    }
}

extension JSONValueReader {
    mutating func fixedPath(_ setting: String) -> String? {
        checked { _ = try PathTemplate($0, setting: setting).fixed() }
    }

    fileprivate mutating func addresses() -> [String]? {
        switch node.kind {
        case .string: return address().map { [$0] }
        case .array(let elements) where elements.isEmpty:
            reject("expected one address or more")
            return nil
        case .array: return array { $0.address() }
        default: return stringArray(orSingle: true)
        }
    }

    private mutating func address() -> String? { checked { _ = try ServerAddress($0) } }
}
