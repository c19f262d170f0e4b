public import HTTPTransport
public import KeyHooks

/// Where the plugin finds keys in OpenBao or Vault, and how long it believes what it read.
///
/// The members are those of the section `openbao` in `keyhooks.json`. No member holds a secret: credentials are named
/// by ``KeyHooks/SecretReference``.
public struct OpenBaoConfiguration: Sendable {
    /// The servers, tried in this order: `http` or `https`, with or without a path, or a Unix socket as `unix:///PATH`.
    ///
    /// A server that does not answer is asked last until it is seen to be well again. If one takes longer than usual,
    /// the next one is asked as well.
    ///
    /// Nil takes `BAO_AGENT_ADDR`, then `BAO_ADDR`, then `https://127.0.0.1:8200`.
    public var addresses: [String]? { didSet { addressPlace = nil } }

    /// Where ``addresses`` were written; nil for the program.
    var addressPlace: String?

    /// The mount of the KV engine.
    public var mount = "secret"

    /// The version of the KV engine, 1 or 2, of all mounts that are read; nil finds it out for each.
    ///
    /// Without it a mount is read as version 2, and only an answer that version 1 may have given costs one request more,
    /// once for each mount.
    public var kv: Int?

    /// The path of the secret below the mount.
    ///
    /// `{service}`, `{profile}`, `{project}`, `{tenant}` and `{purpose}` stand for parts of the request, each as a
    /// whole segment or within one. A path without `{service}` names one secret that holds many keys and costs one
    /// read.
    public var path: String

    /// The role whose credentials the engine at ``mount`` makes and lends at `<mount>/creds/<role>`, instead of a secret
    /// at ``path``; `{service}` may stand in it.
    ///
    /// The lease is renewed while the key is used, and revoked when it isn't any more.
    public var creds: String?

    /// The set of shared accounts that one is checked out of at `<mount>/library/<set>/check-out` and in again.
    public var library: String?

    /// The role of `auth/token` for which tokens of the server are made.
    public var tokenRole: String?

    /// How long what is lent is asked to last; nil for what the server has for the role.
    ///
    /// The server may grant less. Where it grants more, what is lent is cut to this.
    public var duration: Duration?

    /// The namespace of the secrets; nil takes `BAO_NAMESPACE`.
    public var namespace: String?

    /// The namespace to log in to, if it is another one; `/` is the root.
    public var loginNamespace: String?

    /// The token; nil takes `BAO_TOKEN`, then `~/.vault-token`.
    public var token: SecretReference?

    /// Logs in by AppRole instead of with a token.
    public var appRole: AppRoleCredentials?

    /// The logins to try, in this order, instead of ``token`` and ``appRole``.
    public var logins: [OpenBaoLogin] = []

    /// Draws from 0 to 1 what share of the jitter a token is renewed earlier, so that processes that started together
    /// don't log in together.
    package var random: @Sendable () -> Double = { .random(in: 0...1) }

    /// The field that holds the key, or with a leading `/` a JSON pointer (RFC 6901) to it; `{service}` may stand in
    /// it.
    ///
    /// Nil tries the service's environment variables in order and then, if the path names the service, `api_key`, `key`
    /// and `value`.
    public var field: String?

    /// The version to read; nil reads the newest.
    public var version: Int?

    /// Whom to trust, as whom to connect, and through which proxy; not used by a transport of your own.
    ///
    /// What is not set here comes from `BAO_CACERT`, `BAO_CAPATH`, `BAO_CLIENT_CERT`, `BAO_CLIENT_KEY`,
    /// `BAO_TLS_SERVER_NAME`, `BAO_SKIP_VERIFY`, and `BAO_PROXY_ADDR` or `BAO_HTTP_PROXY`. In `keyhooks.json` the
    /// members are called `caCert`, `caPath`, `clientCert`, `clientKey`, `tlsServerName`, `skipVerify`, `proxy` and
    /// `noProxy`.
    public var transport = HTTPTransportSettings()

    /// Whether `skipVerify` is false: then `BAO_SKIP_VERIFY` doesn't count.
    var checksCertificates = false

    /// How long what was read is believed, and whether a weaker source may answer while OpenBao is unreachable, too
    /// slow or sealed.
    ///
    /// The timeout is for one read in all, with logging in, other addresses and repeated attempts.
    public var settings = SourceSettings()

    /// Describes where keys are found.
    ///
    /// - Parameter path: The path of the secret below the mount; a secret manager has names instead.
    public init(path: String = "{service}") {
        self.path = path
    }

    /// What is read or lent, and its name.
    func secret() throws(KeyResolutionError) -> (kind: SecretKind, name: String) {
        let lent = [(SecretKind.creds, creds), (.library, library), (.tokenRole, tokenRole)]
        let named = lent.compactMap { kind, name in name.map { (kind, $0) } }
        guard named.count < 2 else {
            throw .invalidConfiguration(
                "\(named[0].0.setting) and \(named[1].0.setting) of OpenBao can't be used together",
                remedy: "use one of them, and name the other in the section of a service"
            )
        }
        return named.first ?? (.kv, path)
    }
}

/// The credentials of an AppRole, which machines log in with.
public struct AppRoleCredentials: Hashable, Sendable {
    /// The role id; it is a name more than a secret, and may stand in a configuration.
    public var roleID: RoleID

    /// Where the secret id is.
    public var secretID: SecretReference

    /// The mount of the auth method.
    public var mount: String

    /// Describes credentials.
    ///
    /// - Parameters:
    ///   - roleID: The role id.
    ///   - secretID: Where the secret id is.
    ///   - mount: The mount of the auth method.
    public init(roleID: RoleID, secretID: SecretReference, mount: String = "approle") {
        self.roleID = roleID
        self.secretID = secretID
        self.mount = mount
    }

    /// A role id, or where it is.
    public struct RoleID: Hashable, Sendable {
        var literal: String?
        var reference: SecretReference?

        /// The role id itself.
        ///
        /// - Parameter id: The role id.
        /// - Returns: The role id.
        public static func literal(_ id: String) -> Self { Self(literal: id) }

        /// Where it is.
        ///
        /// - Parameter reference: Where it is.
        /// - Returns: The role id that is there.
        public static func reference(_ reference: SecretReference) -> Self { Self(reference: reference) }
    }
}
