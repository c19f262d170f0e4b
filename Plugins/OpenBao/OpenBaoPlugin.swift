public import ExtensionHooks
public import HTTPTransport
public import KeyHooks
public import LightFoundation
import ServerSettings

/// Answers for API keys from the KV v2 engine of OpenBao or Vault, through a TTL cache.
///
/// ```swift
/// let resolver = try KeyResolver(configuration: .discover(), plugins: [OpenBaoPlugin.plugin])
/// ```
///
/// Without a configuration file it is registered in code:
///
/// ```swift
/// let plugin = try OpenBaoPlugin(OpenBaoConfiguration(path: "ai/providers"))
/// try registry.register { hooks in plugin.register(in: &hooks) }
/// ```
///
/// - A key that is there is the answer. A secret or a field that is not there leaves the next hook or the environment
///   to answer.
/// - A denial ends the call. So does OpenBao not being available, unless `fallback` is
///   ``KeyHooks/KeyFallback/unavailable``: then the next source answers, and its provenance says so.
/// - The plugin's own credentials come from variables of the process and from files, never from itself.
///
/// Nothing is read before the first key is asked for, and nothing is written to disk.
public struct OpenBaoPlugin: Sendable {
    /// The id of the plugin's hooks and the name of its section in `keyhooks.json`.
    public static let id: PluginID = "openbao"

    let pipeline: KeyPipeline<OpenBaoKeySource>

    /// Makes the plugin.
    ///
    /// - Parameters:
    ///   - configuration: Where keys are found.
    ///   - environment: The process environment, for `BAO_ADDR` and its like and for credentials.
    ///   - transport: What sends the requests; nil for one of its own, as ``OpenBaoConfiguration/transport`` says.
    ///   - clock: What TTLs and deadlines are measured with.
    ///   - date: The wall clock, for what the server dates.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    public init(
        _ configuration: OpenBaoConfiguration,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        transport: (any HTTPTransport)? = nil,
        clock: some Clock<Duration> = ContinuousClock(),
        date: @escaping @Sendable () -> Date = { Date() }
    ) throws(KeyResolutionError) {
        let environment = BaoEnvironment(environment)
        pipeline = try OpenBaoKeySource.pipeline(configuration, environment, transport, clock: clock, date: date)
    }
}

extension OpenBaoPlugin: KeyPlugin {
    /// Nothing: it is checked with the section, so that all mistakes are reported at once.
    public static func checkServiceSettings(in configuration: KeyConfiguration) {}

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static var managerKinds: [SecretManagerKind] { [OpenBaoSecretManager.kind] }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func configuration(
        from section: PluginSection,
        in context: PluginContext
    ) throws(KeyResolutionError) -> OpenBaoConfiguration {
        try OpenBaoConfiguration(section, in: context.configuration)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(_ configuration: OpenBaoConfiguration, in context: PluginContext) throws {
        pipeline = try OpenBaoKeySource.pipeline(
            configuration,
            BaoEnvironment(context),
            nil,
            clock: ContinuousClock(),
            date: { Date() }
        )
    }

    /// Registers the plugin's hooks: for main keys and for named fields.
    ///
    /// - Parameter hooks: Where to.
    public func register(in hooks: inout HookBundle) {
        hooks.answer(through: pipeline)
    }
}

extension OpenBaoPlugin {
    /// Revokes the token that the plugin logged in for, and one that is on its way; it gets no other.
    ///
    /// Call it when the program ends, so that the token doesn't live on until its time is over. A token that the plugin
    /// was given, in a variable or a file, stays as it is.
    ///
    /// - Parameter time: After so long it is over, whatever came of it.
    public func shutdown(within time: Duration = .seconds(5)) async {
        await pipeline.source.reader.tokens.shutdown(within: time)
    }
}

extension OpenBaoPlugin: EffectDescribing {
    package static func validate(
        _ section: PluginSection,
        in whole: KeyConfiguration
    ) throws(KeyResolutionError) {
        _ = try OpenBaoConfiguration(section, in: whole)
    }

    package static func effects(of section: PluginSection, in whole: KeyConfiguration) -> [ConfigurationEffect] {
        guard let configuration = try? OpenBaoConfiguration(section, in: whole) else {
            return ConfigurationEffects.settings(of: section)
        }
        return sending(configuration)
            + ConfigurationEffects.settings(
                of: section,
                but: HTTPTransportSettings.members.union(["address", "token"])
            )
    }

    /// Where credentials are sent, and whom they are trusted to.
    static func sending(_ configuration: OpenBaoConfiguration) -> [ConfigurationEffect] {
        let places =
            configuration.addresses?.map { ConfigurationEffects.shown($0, as: (try? ServerAddress($0))?.shown) }
            ?? ["the server that BAO_ADDR names"]
        return places.flatMap { place in
            credentials(of: configuration).map { ConfigurationEffect("sends \($0) to \(place)", isGrave: true) }
        }
            + configuration.transport.effects(on: "OpenBao")
            + (configuration.checksCertificates
                ? [ConfigurationEffect("checks OpenBao's certificate, whatever BAO_SKIP_VERIFY says")] : [])
    }

    /// What may be sent to log in, each in words.
    private static func credentials(of configuration: OpenBaoConfiguration) -> [String] {
        if let role = configuration.appRole { return [words(role.roleID, "the secret id of", role.secretID)] }
        if let token = configuration.token { return ["what is in \(words(for: token)), as a token,"] }
        guard !configuration.logins.isEmpty else { return ["the token of BAO_TOKEN, or of ~/.vault-token,"] }
        return configuration.logins.map { login in
            let credential = credential(of: login)
            guard login.isInline else { return credential }
            return "\(credential.hasSuffix(",") ? credential : credential + ",") with each request,"
        }
    }

    private static func credential(of login: OpenBaoLogin) -> String {
        func shown(_ name: String) -> String { ConfigurationEffects.shown(name) }
        return switch login.method {
        case .token(let token): "what is in \(words(for: token)), as a token,"
        case .appRole(let role, let secret): words(role, "the secret id of", secret)
        case .wrappedAppRole(let role, let secret, _):
            words(role, "the wrapping token of", secret) + ", and the secret id in it,"
        case .jwt(let role, let token):
            "what is in \(words(for: token)), as a JWT\(role.map { " for the role \(shown($0))" } ?? ""),"
        case .kubernetes(let role, let token):
            "what is in \(words(for: token)), as a service account's token for the role \(shown(role)),"
        case .userpass(let user, let password), .ldap(let user, let password):
            "the password of \(shown(user)) in \(words(for: password))"
        case .certificate(let role):
            "a login by the client certificate\(role.map { " for the role \(shown($0))" } ?? "")"
        }
    }

    private static func words(
        _ role: AppRoleCredentials.RoleID,
        _ what: String,
        _ secret: SecretReference
    ) -> String {
        let roleID = role.reference.map { "the role id of \(words(for: $0))" } ?? "the role id in the file"
        return "\(roleID) and \(what) \(words(for: secret))"
    }

    private static func words(for reference: SecretReference) -> String {
        switch reference.place {
        case .environment(let name): "the variable \(name)"
        case .file(let path), .identityToken(let path): "the file \(ConfigurationEffects.shown(path, asPath: true))"
        }
    }
}
