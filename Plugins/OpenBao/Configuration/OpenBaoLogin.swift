public import KeyHooks

/// One way to get a token of OpenBao, or to be let in without one.
///
/// ```swift
/// var login = OpenBaoLogin.kubernetes(role: "keyhooks")
/// login.next = [.missing, .unavailable]
/// configuration.logins = [login, .appRole(roleID: .literal("…"), secretID: .environment("SECRET_ID"))]
/// ```
///
/// In `keyhooks.json` the member `login` holds one, or a list that is tried in order. No login holds a secret: what is
/// secret about it is named by ``KeyHooks/SecretReference``, and files are read again for each login.
public struct OpenBaoLogin: Hashable, Sendable {
    /// How one logs in, with what that takes.
    enum Method: Hashable, Sendable {
        case token(SecretReference)
        case appRole(AppRoleCredentials.RoleID, SecretReference)
        case wrappedAppRole(AppRoleCredentials.RoleID, SecretReference, CreationPath)
        case jwt(role: String?, SecretReference)
        case kubernetes(role: String, SecretReference)
        case userpass(user: String, SecretReference)
        case ldap(user: String, SecretReference)
        case certificate(role: String?)
    }

    /// Where a wrapped secret id must have been made.
    enum CreationPath: Hashable, Sendable {
        case role(String)
        case path(String)
    }

    let method: Method

    /// The mount of the auth method; nil for where it is mounted by default, such as `approle` or `jwt`.
    public var mount: String?

    /// The namespace to log in to; `/` is the root, and nil takes ``OpenBaoConfiguration/loginNamespace``.
    public var namespace: String?

    /// After which failures the next login of the list is tried.
    ///
    /// An alarm over a wrapped secret id never leads to the next one.
    public var next: Set<Failure> = [.missing]

    /// Whether nobody logs in, and each request carries the credentials instead (inline auth, OpenBao 2.4 and later).
    ///
    /// The server then makes a token for the one request and keeps none, so there is nothing to renew or to revoke. It
    /// costs the server a login for each request.
    public var isInline = false

    /// A kind of failure of a login.
    public enum Failure: String, Hashable, Sendable, CaseIterable {
        /// The credential isn't there: its variable isn't set, or its file doesn't exist.
        case missing

        /// OpenBao refuses the credentials.
        case refused

        /// OpenBao, or what it asks in turn, can't be reached or can't answer now.
        case unavailable
    }

    init(_ method: Method) {
        self.method = method
    }

    /// A token that somebody else keeps alive.
    ///
    /// - Parameter reference: Where it is.
    /// - Returns: The login.
    public static func token(_ reference: SecretReference) -> Self { Self(.token(reference)) }

    /// An AppRole, which machines log in with.
    ///
    /// - Parameters:
    ///   - roleID: The role id.
    ///   - secretID: Where the secret id is.
    /// - Returns: The login.
    public static func appRole(roleID: AppRoleCredentials.RoleID, secretID: SecretReference) -> Self {
        Self(.appRole(roleID, secretID))
    }

    /// An AppRole whose secret id comes in a wrapping token, which can be opened once.
    ///
    /// - Parameters:
    ///   - roleID: The role id.
    ///   - wrappedSecretID: Where the wrapping token is.
    ///   - role: The name of the role: its secret ids are made at `auth/MOUNT/role/ROLE/secret-id`, and a token that was
    ///     made elsewhere is an alarm.
    /// - Returns: The login.
    public static func appRole(
        roleID: AppRoleCredentials.RoleID,
        wrappedSecretID: SecretReference,
        role: String
    ) -> Self {
        Self(.wrappedAppRole(roleID, wrappedSecretID, .role(role)))
    }

    /// An AppRole whose secret id comes in a wrapping token that was made at a path of its own.
    ///
    /// - Parameters:
    ///   - roleID: The role id.
    ///   - wrappedSecretID: Where the wrapping token is.
    ///   - creationPath: Where it must have been made, such as `auth/approle/role/ROLE/custom-secret-id`.
    /// - Returns: The login.
    public static func appRole(
        roleID: AppRoleCredentials.RoleID,
        wrappedSecretID: SecretReference,
        creationPath: String
    ) -> Self {
        Self(.wrappedAppRole(roleID, wrappedSecretID, .path(creationPath)))
    }

    /// A signed token of an identity provider.
    ///
    /// - Parameters:
    ///   - role: The role; nil for the default one of the mount.
    ///   - token: Where the JWT is.
    /// - Returns: The login.
    public static func jwt(role: String?, token: SecretReference) -> Self { Self(.jwt(role: role, token)) }

    /// The service account of a pod.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - token: Where the service account's token is.
    /// - Returns: The login.
    public static func kubernetes(
        role: String,
        token: SecretReference = .file("/var/run/secrets/kubernetes.io/serviceaccount/token")
    ) -> Self {
        Self(.kubernetes(role: role, token))
    }

    /// A user with a password.
    ///
    /// - Parameters:
    ///   - user: The name.
    ///   - password: Where the password is.
    /// - Returns: The login.
    public static func userpass(user: String, password: SecretReference) -> Self {
        Self(.userpass(user: user, password))
    }

    /// A user of a directory.
    ///
    /// - Parameters:
    ///   - user: The name.
    ///   - password: Where the password is.
    /// - Returns: The login.
    public static func ldap(user: String, password: SecretReference) -> Self { Self(.ldap(user: user, password)) }

    /// The client certificate of the connection: `clientCert` and `clientKey`.
    ///
    /// - Parameter role: The role; nil lets OpenBao look for one that fits.
    /// - Returns: The login.
    public static func certificate(role: String? = nil) -> Self { Self(.certificate(role: role)) }
}

extension OpenBaoLogin {
    /// What a method is called, and where it is mounted by default; nil for a token, for which nobody logs in.
    var names: (title: String, mount: String)? {
        switch method {
        case .token: nil
        case .appRole, .wrappedAppRole: ("AppRole", "approle")
        case .jwt: ("JWT", "jwt")
        case .kubernetes: ("Kubernetes", "kubernetes")
        case .userpass: ("userpass", "userpass")
        case .ldap: ("LDAP", "ldap")
        case .certificate: ("certificate", "cert")
        }
    }

    /// Where the secret part is; nil for a certificate, which the connection has.
    var secret: SecretReference? {
        switch method {
        case .token(let secret), .appRole(_, let secret), .wrappedAppRole(_, let secret, _), .jwt(_, let secret),
            .kubernetes(_, let secret), .userpass(_, let secret), .ldap(_, let secret):
            secret
        case .certificate: nil
        }
    }

    var roleID: AppRoleCredentials.RoleID? {
        switch method {
        case .appRole(let role, _), .wrappedAppRole(let role, _, _): role
        default: nil
        }
    }

    /// Checks what only code can get wrong, or what depends on several settings.
    func validate() throws(KeyResolutionError) {
        func refuse(_ message: String, _ remedy: String) -> KeyResolutionError {
            .invalidConfiguration(message, remedy: remedy)
        }
        if let mount { _ = try PathTemplate(mount, setting: "login.mount").fixed() }
        _ = try OpenBaoKeySource.namespace(namespace, setting: "login.namespace")
        switch method {
        case .token where isInline:
            throw refuse("a token can't be sent inline", "take 'inline' off, or name another method")
        case .wrappedAppRole where isInline:
            throw refuse("a wrapped secret id can't be sent inline", "take 'inline' off, or name the secret id itself")
        case .token where mount != nil || namespace != nil:
            throw refuse("a token has no mount and no namespace of its own", "take them off the login")
        case .userpass(let user, _), .ldap(let user, _):
            guard !user.isEmpty, !user.contains("/"), user != ".", user != ".." else {
                throw refuse("the user of a login isn't a valid name", "write the name of a user, without '/'")
            }
        case .kubernetes(let role, _), .wrappedAppRole(_, _, .role(let role)):
            guard !role.isEmpty else { throw refuse("the role of a login is empty", "write the name of the role") }
        case .wrappedAppRole(_, _, .path(let path)): _ = try PathTemplate(path, setting: "creationPath").fixed()
        default: break
        }
    }
}
