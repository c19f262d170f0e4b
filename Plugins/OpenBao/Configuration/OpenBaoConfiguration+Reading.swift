import HTTPTransport
import JSON5Syntax
package import KeyHooks

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
            _ = OpenBaoServiceSettings(from: &reader)
            return reader.finish()
        }
        if !mistakes.isEmpty { throw configuration.invalid(JSONMistakes(mistakes)) }
    }

    private init(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) {
        reader.require("path")
        self.init(path: reader.read("path") { $0.checked { _ = try PathTemplate($0, setting: "path") } } ?? "")
        addresses = reader.read("address") { $0.addresses() }
        mount = reader.read("mount") { $0.fixedPath("mount") } ?? mount
        namespace = reader.read("namespace") { $0.checked { _ = try OpenBaoKeySource.namespace($0) } }
        loginNamespace = reader.read("loginNamespace") { $0.checked { _ = try OpenBaoKeySource.namespace($0) } }
        token = reader.read("token") { $0.secretReference() }.map(folder.reference)
        appRole = reader.object("appRole") { Self.appRole(from: &$0, in: folder) }
        let skipsVerification = reader.read("skipVerify") { $0.bool() }
        transport = HTTPTransportSettings(from: &reader, in: folder)
        transport.acceptsAnyCertificate = skipsVerification == true
        checksCertificates = skipsVerification == false
        field = reader.read("field") { $0.checked { try FieldSelector.validate($0) } }
        version = reader.int("version", in: 1...Int.max)
        settings.read(from: &reader)
        if token != nil, appRole != nil { reader.reject("appRole", "use either token or appRole") }
    }

    private static func appRole(
        from reader: inout JSONObjectReader,
        in folder: ConfigurationFolder
    ) -> AppRoleCredentials? {
        reader.require("roleID", "secretID")
        let role = reader.read("roleID") { $0.roleID() }
        let secret = reader.read("secretID") { $0.secretReference() }
        let mount = reader.read("mount") { $0.fixedPath("appRole.mount") } ?? "approle"
        guard var role, let secret else { return nil }
        if case .reference(let reference) = role { role = .reference(folder.reference(reference)) }
        return AppRoleCredentials(roleID: role, secretID: folder.reference(secret), mount: mount)
    }
}

extension OpenBaoServiceSettings {
    /// Reads what a configuration tells the plugin about one service.
    init(from reader: inout JSONObjectReader) {
        path = reader.read("path") { $0.checked { _ = try PathTemplate($0, setting: "path") } }
        field = reader.read("field") { $0.checked { try FieldSelector.validate($0) } }
        version = reader.int("version", in: 1...Int.max)
        mount = reader.read("mount") { $0.fixedPath("mount") }
        namespace = reader.read("namespace") { $0.checked { _ = try OpenBaoKeySource.namespace($0) } }
    }
}

extension JSONValueReader {
    /// A text that a check passes, so that what is wrong with it is reported with its place.
    fileprivate mutating func checked(_ check: (String) throws -> Void) -> String? {
        guard let text = string() else { return nil }
        do {
            try check(text)
            return text
        } catch {
            reject((error as? KeyResolutionError).map { "\($0.message): \($0.remedy)" } ?? "is not valid")
            return nil
        }
    }

    fileprivate mutating func fixedPath(_ setting: String) -> String? {
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

    /// Where a credential is; a credential itself is refused, and not repeated.
    fileprivate mutating func secretReference() -> SecretReference? {
        guard let text = string() else { return nil }
        let reference = SecretReference(text)
        if reference == nil {
            let variable = VariableName.inReference(text).map { "\"env:\($0)\"" }
            reject(
                "names where the secret is, and never holds it: write \(variable ?? "\"env:NAME\" or \"file:PATH\"")"
            )
        }
        return reference
    }

    fileprivate mutating func roleID() -> AppRoleCredentials.RoleID? {
        guard let text = string() else { return nil }
        if let reference = SecretReference(text) { return .reference(reference) }
        if text.isEmpty || text.hasPrefix("env:") || text.hasPrefix("file:") {
            reject("expected a role id, \"env:NAME\" or \"file:PATH\"")
            return nil
        }
        return .literal(text)
    }
}
