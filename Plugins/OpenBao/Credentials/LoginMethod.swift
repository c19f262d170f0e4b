import JSON5Syntax
import KeyHooks
import ServerSettings

/// What is sent to log in.
struct LoginRequest: Sendable, CustomReflectable {
    /// Below `/v1/`.
    let path: [String]
    let namespace: String?
    let parameters: [(name: String, value: String)]

    /// A hash of all of it, which tells refused credentials from others without keeping them.
    let credentials: Int

    init(path: [String], namespace: String?, parameters: [(name: String, value: String)], also extra: [UInt8] = []) {
        self.path = path
        self.namespace = namespace
        self.parameters = parameters
        credentials = (path + parameters.flatMap { [$0.name, $0.value] } + ["\(extra.hashValue)"]).hashValue
    }

    /// The request, never with a token: a dead one would be refused before the login is looked at.
    func request() throws -> BaoRequest {
        let members = parameters.map { JSONMember($0.name, .string($0.value)) }
        return BaoRequest(
            method: "POST",
            path: "/v1/" + path.map(percentEncoded).joined(separator: "/"),
            namespace: namespace,
            body: try JSONNode(.object(members)).jsonBytes()
        )
    }

    var customMirror: Mirror { Mirror(self, children: ["path": path]) }
}

/// A login as the configuration has it, with where it is sent and what it is called.
struct LoginMethod: Sendable {
    let login: OpenBaoLogin
    let mount: [String]
    let namespace: String?

    /// The client certificate of the connection.
    let certificate: String?

    init(
        _ login: OpenBaoLogin,
        defaultNamespace: String?,
        certificate: String?
    ) throws(KeyResolutionError) {
        try login.validate()
        self.login = login
        self.certificate = certificate
        mount = try PathTemplate(login.mount ?? login.names?.mount ?? "token", setting: "login.mount").fixed()
        // A namespace that is "/" is the root, wherever the secrets are.
        namespace =
            login.namespace == nil
            ? defaultNamespace : try OpenBaoKeySource.namespace(login.namespace, setting: "login.namespace")
    }

    /// What to send, read from variables and files now: files with credentials are replaced.
    ///
    /// - Parameters:
    ///   - credentials: Where credentials are read.
    ///   - secret: What was unwrapped; nil for what the login names.
    /// - Returns: The request.
    /// - Throws: A `KeyResolutionError` if a credential isn't there or can't be one.
    func request(_ credentials: CredentialSource, secret: APIKey? = nil) throws(KeyResolutionError) -> LoginRequest {
        func read(_ reference: SecretReference) throws(KeyResolutionError) -> String {
            if let secret { return secret.value }
            return try credentials.read(reference).value
        }
        func role(_ role: AppRoleCredentials.RoleID) throws(KeyResolutionError) -> String {
            if let literal = role.literal { return literal }
            guard let reference = role.reference else { return "" }
            return try credentials.read(reference).value
        }
        var path = ["auth"] + mount + ["login"]
        var extra: [UInt8] = []
        let parameters: [(name: String, value: String?)]
        switch login.method {
        case .appRole(let roleID, let secret), .wrappedAppRole(let roleID, let secret, _):
            // The secret first: of two that are missing it is the one that somebody forgot.
            let secretID = try read(secret)
            parameters = [("role_id", try role(roleID)), ("secret_id", secretID)]
        case .jwt(let role, let token): parameters = [("role", role), ("jwt", try read(token))]
        case .kubernetes(let role, let token): parameters = [("role", role), ("jwt", try read(token))]
        case .userpass(let user, let password), .ldap(let user, let password):
            path.append(user)
            parameters = [("password", try read(password))]
        case .certificate(let role):
            parameters = [("name", role)]
            // Another certificate is another login.
            extra =
                certificate.flatMap { try? credentials.environment.context.text(ofFile: $0) }.map { Array($0.utf8) }
                ?? []
        case .token(let token): parameters = [("token", try read(token))]
        }
        return LoginRequest(
            path: path,
            namespace: namespace,
            parameters: parameters.compactMap { name, value in value.map { (name, $0) } },
            also: extra
        )
    }

    /// Whether a credential that it takes isn't there at all, and not merely wrong.
    func isMissing(_ credentials: CredentialSource) -> Bool {
        [login.secret, login.roleID?.reference].contains { $0.map(credentials.isMissing) ?? false }
    }

    /// The files that it reads.
    func files(_ credentials: CredentialSource) -> [String] {
        ([login.secret, login.roleID?.reference].compactMap(\.self).flatMap { credentials.files($0) })
            + (login.secret == nil ? [certificate].compactMap(\.self) : [])
    }

    /// How long the same refused credentials are left alone: what people log in with is locked by more than OpenBao.
    var pause: Duration {
        switch login.method {
        case .userpass, .ldap: .seconds(1200)
        default: .seconds(300)
        }
    }

    /// Whether the server counts the wrong passwords of a user, whatever they are.
    var isOfUser: Bool {
        switch login.method {
        case .userpass, .ldap: true
        default: false
        }
    }

    /// Who logs in with it, and where.
    ///
    /// - Parameters:
    ///   - servers: The servers.
    ///   - clock: The clock that counts; nil for the system's.
    /// - Returns: The place.
    func place(at servers: Set<String>, _ clock: ObjectIdentifier?) -> LoginRefusals.Place {
        var path = ["auth"] + mount
        var role: String?
        switch login.method {
        // OpenBao makes no difference between capitals and small letters.
        case .userpass(let user, _), .ldap(let user, _): path.append(user.lowercased())
        case .appRole(let id, _), .wrappedAppRole(let id, _, _):
            role = id.literal ?? id.reference.map { "\($0)" }
        case .jwt(let name, _), .certificate(let name): role = name
        case .kubernetes(let name, _): role = name
        case .token: break
        }
        return LoginRefusals.Place(servers: servers, namespace: namespace, path: path, role: role, clock: clock)
    }

    /// Where a wrapped secret id must have been made.
    var creationPath: [String]? {
        switch login.method {
        case .wrappedAppRole(_, _, .role(let role)): ["auth"] + mount + ["role", role, "secret-id"]
        case .wrappedAppRole(_, _, .path(let path)): try? PathTemplate(path, setting: "creationPath").fixed()
        default: nil
        }
    }
}

extension LoginMethod {
    private var title: String { login.names?.title ?? "token" }

    /// Where it is, such as `auth/approle`, with its namespace.
    private var place: String {
        displayText(
            ("auth/" + mount.joined(separator: "/")) + (namespace.map { " in namespace \($0)" } ?? ""),
            limit: 400
        )
    }

    /// What it does, for explanations.
    func words(_ credentials: CredentialSource) -> String {
        if case .token(let reference) = login.method { return "the token from \(credentials.words(for: reference))" }
        return login.isInline
            ? "sends a login by \(title) at \(place) with each request" : "logs in by \(title) at \(place)"
    }

    /// What it is, in the midst of a sentence.
    func name(_ credentials: CredentialSource) -> String {
        if case .token(let reference) = login.method { return "the token from \(credentials.words(for: reference))" }
        return "the login by \(title) at \(place)"
    }

    /// Where its token is from, as it follows "the token".
    func origin(_ credentials: CredentialSource) -> String {
        if case .token(let reference) = login.method { return "from \(credentials.words(for: reference))" }
        return "that the \(title) login gave"
    }

    /// That the server refuses it.
    func refusal(_ status: Int) -> BaoFailure {
        BaoFailure(
            .unauthenticated,
            "OpenBao refuses the \(title) login (\(status))",
            remedy: "check \(credentialWords), the mount and the namespace of the login"
        )
    }

    /// That a reply to it has no token.
    var noToken: BaoFailure {
        BaoFailure(
            .unauthenticated,
            "OpenBao's reply to the login has no token",
            remedy: "check 'address' and the \(title)'s mount; a second factor is not supported"
        )
    }

    private var credentialWords: String {
        switch login.method {
        case .appRole, .wrappedAppRole: "the role id, the secret id"
        case .jwt: "the role, the JWT (its issuer, audience and end)"
        case .kubernetes: "the role, the service account and its token"
        case .userpass, .ldap:
            "the user, the password (after some wrong ones the user is locked for a while, against the right one too)"
        case .certificate: "the role, 'clientCert' and 'clientKey'"
        case .token: "the token"
        }
    }
}
