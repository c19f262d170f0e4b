public import ExtensionHooks
public import HTTPTransport
public import KeyHooks
public import LightFoundation

/// Answers for API keys from the KV v2 engine of OpenBao or Vault, through a TTL cache.
///
/// ```swift
/// let resolver = try KeyResolver(configuration: .discover(), plugins: [OpenBaoPlugin.plugin])
/// ```
///
/// - A key that is there is the answer. A secret or a field that is not there leaves the next hook or the environment to
///   answer.
/// - A denial ends the call. So does OpenBao not being available, unless
///   ``OpenBaoConfiguration/Fallback/unavailable`` is set: then the next source answers, and its provenance says so.
/// - The plugin's own credentials come from variables of the process and from files, never from itself.
///
/// Nothing is read before the first key is asked for, and nothing is written to disk.
public struct OpenBaoPlugin: Sendable {
    /// The id of the plugin's hooks and the name of its section in `keyhooks.json`.
    public static let id: PluginID = OpenBaoConfiguration.pluginID

    let keys: BaoKeys

    /// Makes the plugin from the section `openbao` of a configuration; nil if there is none.
    ///
    /// - Parameters:
    ///   - configuration: The whole configuration.
    ///   - environment: The process environment, for `BAO_ADDR` and its like and for credentials.
    ///   - transport: What sends the requests.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration` that lists all mistakes.
    public init?(
        _ configuration: KeyConfiguration,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        transport: (any HTTPTransport)? = nil
    ) throws(KeyResolutionError) {
        guard let section = try OpenBaoConfiguration(configuration) else { return nil }
        try self.init(
            section,
            configuration.catalogue(),
            BaoEnvironment(environment, configuration),
            transport
        )
    }

    /// Makes the plugin.
    ///
    /// - Parameters:
    ///   - configuration: Where keys are found.
    ///   - catalogue: The services that are known, with the variables whose names are tried as fields.
    ///   - environment: The process environment, for `BAO_ADDR` and its like and for credentials.
    ///   - transport: What sends the requests; nil for one of its own, as ``OpenBaoConfiguration/transport`` says.
    ///   - clock: What TTLs and deadlines are measured with.
    ///   - date: The wall clock, for what the server dates.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    public init(
        _ configuration: OpenBaoConfiguration,
        catalogue: ServiceCatalogue = .standard,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        transport: (any HTTPTransport)? = nil,
        clock: some Clock<Duration> = ContinuousClock(),
        date: @escaping @Sendable () -> Date = { Date() }
    ) throws(KeyResolutionError) {
        try self.init(
            configuration,
            catalogue,
            BaoEnvironment(environment),
            transport,
            clock: clock,
            date: date
        )
    }

    private init(
        _ configuration: OpenBaoConfiguration,
        _ catalogue: ServiceCatalogue,
        _ environment: BaoEnvironment,
        _ transport: (any HTTPTransport)? = nil,
        clock: some Clock<Duration> = ContinuousClock(),
        date: @escaping @Sendable () -> Date = { Date() }
    ) throws(KeyResolutionError) {
        keys = try BaoKeys(configuration, catalogue, environment, transport, clock: clock, date: date)
    }

    /// Registers the plugin's hooks: for main keys, for named fields, and for its cache.
    ///
    /// - Parameters:
    ///   - registry: Where to.
    ///   - priority: Lower runs first.
    /// - Returns: A token that takes the hooks away again.
    /// - Throws: A `HookRegistrationError`, as if it is registered twice.
    @discardableResult
    public func register(
        in registry: HookRegistry,
        priority: Int = HookBundle.defaultPriority
    ) throws -> HookRegistration {
        try registry.register { register(in: &$0, priority: priority) }
    }

    private func register(in hooks: inout HookBundle, priority: Int) {
        hooks.onStart(
            .getAPIKey,
            id: HookID(Self.id),
            priority: priority,
            attempting: { [keys] call in keys.attempt(KeyQuestion(call.arguments), &call) },
            otherwise: { [keys] call in try await keys.read(KeyQuestion(call.arguments), &call) }
        )
        hooks.onStart(
            .getSecret,
            id: HookID(Self.id),
            priority: priority,
            attempting: { [keys] call in keys.attempt(KeyQuestion(call.arguments), &call) },
            otherwise: { [keys] call in try await keys.read(KeyQuestion(call.arguments), &call) }
        )
        hooks.provide(BaoKeyCache(keys: keys))
    }
}

extension OpenBaoPlugin: KeyPlugin {
    /// Nothing: it is checked with the section, so that all mistakes are told at once.
    public static func checkServiceSettings(in configuration: KeyConfiguration) {}

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func configuration(
        from section: PluginSection,
        in context: PluginContext
    ) throws(KeyResolutionError) -> OpenBaoConfiguration {
        try OpenBaoConfiguration(section, in: context.configuration)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(_ configuration: OpenBaoConfiguration, in context: PluginContext) throws {
        try self.init(
            configuration,
            context.configuration.catalogue(),
            BaoEnvironment(context.environment, context.configuration)
        )
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func register(in hooks: inout HookBundle) {
        register(in: &hooks, priority: HookBundle.defaultPriority)
    }
}
