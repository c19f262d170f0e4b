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
/// Without a configuration file it is registered in code:
///
/// ```swift
/// let plugin = try OpenBaoPlugin(OpenBaoConfiguration(path: "ai/providers"))
/// try registry.register { hooks in plugin.register(in: &hooks) }
/// ```
///
/// - A key that is there is the answer. A secret or a field that is not there leaves the next hook or the environment to
///   answer.
/// - A denial ends the call. So does OpenBao not being available, unless `fallback` is
///   ``KeyHooks/KeyFallback/unavailable``: then the next source answers, and its provenance says so.
/// - The plugin's own credentials come from variables of the process and from files, never from itself.
///
/// Nothing is read before the first key is asked for, and nothing is written to disk.
public struct OpenBaoPlugin: Sendable {
    /// The id of the plugin's hooks and the name of its section in `keyhooks.json`.
    public static let id: PluginID = "openbao"

    private let pipeline: KeyPipeline<OpenBaoKeySource>

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
        pipeline = try OpenBaoKeySource.pipeline(
            configuration,
            BaoEnvironment(context.environment, context.configuration),
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
