import JSON5Syntax
import KeyHooks
import ServerSettings

extension OpenBaoLogin {
    private static let methods = ["token", "appRole", "jwt", "kubernetes", "userpass", "ldap", "certificate"]

    /// Reads the member `login`: one login, or a list of them.
    static func list(from reader: inout JSONValueReader, in folder: ConfigurationFolder) -> [OpenBaoLogin]? {
        if case .array(let elements) = reader.node.kind, elements.isEmpty {
            reader.reject("expected one login or more")
            return nil
        }
        guard case .array = reader.node.kind else {
            return reader.object { read(from: &$0, in: folder) }.map { [$0] }
        }
        return reader.array { $0.object { read(from: &$0, in: folder) } }
    }

    private static func read(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) -> OpenBaoLogin? {
        let mount = reader.read("mount") { $0.fixedPath("login.mount") }
        let namespace = reader.read("namespace") { $0.checked { _ = try OpenBaoKeySource.namespace($0) } }
        let next = reader.array("next", orSingle: true) { $0.oneOf(Failure.self) }
        var isInline = false
        var login: OpenBaoLogin?
        if reader.value(asIsOf: "inline")?.members != nil {
            isInline = true
            login = reader.object("inline") { method(from: &$0, in: folder) }
            for name in reader.names where methods.contains(name) {
                reader.reject(name, "the method stands in 'inline' already")
            }
        } else {
            isInline = reader.bool("inline") ?? false
            login = method(from: &reader, in: folder)
        }
        guard var login else { return nil }
        login.mount = mount
        login.namespace = namespace
        login.isInline = isInline
        if let next { login.next = Set(next) }
        do {
            try login.validate()
        } catch {
            reader.reject(isInline ? "inline" : "mount", "\(error.message): \(error.remedy)")
            return nil
        }
        return login
    }

    /// Reads the one method that an object has.
    private static func method(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) -> OpenBaoLogin? {
        reader.ignore(methods)
        if reader.value("aws") != nil {
            reader.rejectName("aws", "logging in by AWS IAM isn't supported yet")
            return nil
        }
        let named = reader.names.filter { methods.contains($0) }
        guard let name = named.first, reader.isObject else {
            if reader.isObject { reader.reject(methods[1], "name one of \(methods.joined(separator: ", "))") }
            return nil
        }
        guard named.count == 1 else {
            reader.reject(named[1], "a login has one method: write a list of logins to try one after the other")
            return nil
        }
        func secret(_ key: String, _ reader: inout JSONObjectReader) -> SecretReference? {
            reader.read(key) { SecretReference.read(&$0) }.map(folder.reference)
        }
        if name == "token" { return secret(name, &reader).map(token) }
        return reader.object(name) { reader in
            switch name {
            case "appRole": return appRole(from: &reader, in: folder)
            case "jwt":
                reader.require("token")
                let role = reader.read("role") { $0.name() }
                return secret("token", &reader).map { jwt(role: role, token: $0) }
            case "kubernetes":
                reader.require("role")
                let token = secret("token", &reader)
                return reader.read("role") { $0.name() }
                    .map { role in token.map { kubernetes(role: role, token: $0) } ?? kubernetes(role: role) }
            case "certificate": return certificate(role: reader.read("role") { $0.name() })
            default:
                reader.require("user", "password")
                let user = reader.read("user") { $0.name() }
                let password = secret("password", &reader)
                guard let user, let password else { return nil }
                return name == "ldap" ? ldap(user: user, password: password) : userpass(user: user, password: password)
            }
        }
    }

    private static func appRole(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) -> OpenBaoLogin? {
        reader.require("roleID")
        let roleID = reader.read("roleID") { $0.roleID() }.map(folder.roleID)
        let secret = reader.read("secretID") { SecretReference.read(&$0) }.map(folder.reference)
        let wrapped = reader.read("wrappedSecretID") { SecretReference.read(&$0) }.map(folder.reference)
        let role = reader.read("role") { $0.name() }
        let path = reader.read("creationPath") { $0.fixedPath("creationPath") }
        let names = reader.names
        if names.contains("secretID") == names.contains("wrappedSecretID") {
            let isBoth = names.contains("secretID")
            reader.reject(
                "secretID",
                isBoth ? "takes secretID or wrappedSecretID, not both" : "needs secretID or wrappedSecretID"
            )
            return nil
        }
        guard let roleID else { return nil }
        if let secret {
            for key in ["role", "creationPath"] where names.contains(key) {
                reader.reject(key, "it says where a wrapped secret id was made: it goes with wrappedSecretID")
            }
            return appRole(roleID: roleID, secretID: secret)
        }
        guard names.contains("role") != names.contains("creationPath") else {
            let message = "say where the secret id is made, by the name of its role or by its whole path"
            reader.reject(names.contains("role") ? "creationPath" : "role", message)
            return nil
        }
        guard let wrapped else { return nil }
        if let path { return appRole(roleID: roleID, wrappedSecretID: wrapped, creationPath: path) }
        return role.map { appRole(roleID: roleID, wrappedSecretID: wrapped, role: $0) }
    }
}

extension JSONValueReader {
    /// A name that OpenBao knows, of a role or a user.
    fileprivate mutating func name() -> String? {
        text("expected a name, without '/' and control characters") { text in
            let isName = !text.isEmpty && !text.contains("/") && text.unicodeScalars.allSatisfy { $0.value >= 0x20 }
            return isName && text != "." && text != ".." ? text : nil
        }
    }

    mutating func roleID() -> AppRoleCredentials.RoleID? {
        text("expected a role id, \"env:NAME\" or \"file:PATH\"") { text in
            if let reference = SecretReference(text) { return .reference(reference) }
            return text.isEmpty || text.hasPrefix("env:") || text.hasPrefix("file:") ? nil : .literal(text)
        }
    }
}

extension ConfigurationFolder {
    func roleID(_ role: AppRoleCredentials.RoleID) -> AppRoleCredentials.RoleID {
        role.reference.map { .reference(reference($0)) } ?? role
    }
}
