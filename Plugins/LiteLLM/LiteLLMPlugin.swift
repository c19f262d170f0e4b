public import ExtensionHooks
public import HTTPTransport
import JSON5Syntax
public import KeyHooks
public import LightFoundation
import ServerSettings

/// Lends virtual keys of a LiteLLM proxy: made for the reader, limited by a role, gone when they are given back.
///
/// ```swift
/// let resolver = try KeyResolver(configuration: .discover(), plugins: [LiteLLMPlugin.plugin])
/// let key = try await resolver.requireAPIKey(service: "litellm", scope: KeyScope(tenant: "acme"))
/// ```
///
/// A key is shared by all callers of one role and scope, renewed while somebody uses it, and taken away at the proxy when
/// nobody does any more, on `release`, at `shutdown` and after a crash.
public struct LiteLLMPlugin: Sendable {
    /// The id of the plugin's hooks and the name of its section in `keyhooks.json`.
    public static let id: PluginID = "litellm"

    let pipeline: KeyPipeline<LiteLLMKeySource>

    /// Makes the plugin.
    ///
    /// - Parameters:
    ///   - configuration: Which proxy, and the roles.
    ///   - environment: The process environment, for the admin key.
    ///   - transport: What sends the requests; nil for one of its own, as ``LiteLLMConfiguration/transport`` says.
    ///   - clock: What leases and deadlines are measured with.
    ///   - date: The wall clock, for static roles and for what is written down.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    public init(
        _ configuration: LiteLLMConfiguration,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        transport: (any HTTPTransport)? = nil,
        clock: some Clock<Duration> = ContinuousClock(),
        date: @escaping @Sendable () -> Date = { Date() }
    ) throws(KeyResolutionError) {
        let context = PluginContext(configuration: KeyConfiguration(), environment: environment)
        pipeline = try LiteLLMKeySource.pipeline(configuration, context, transport, clock: clock, date: date)
    }
}

extension LiteLLMPlugin: KeyPlugin {
    /// Nothing: it is checked with the section, so that all mistakes are reported at once.
    public static func checkServiceSettings(in configuration: KeyConfiguration) {}

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func configuration(
        from section: PluginSection,
        in context: PluginContext
    ) throws(KeyResolutionError) -> LiteLLMConfiguration {
        try LiteLLMConfiguration(section, in: context.configuration)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(_ configuration: LiteLLMConfiguration, in context: PluginContext) throws {
        pipeline = try LiteLLMKeySource.pipeline(
            configuration,
            context,
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

extension LiteLLMPlugin: EffectDescribing {
    package static func validate(
        _ section: PluginSection,
        in whole: KeyConfiguration
    ) throws(KeyResolutionError) {
        _ = try LiteLLMConfiguration(section, in: whole)
    }

    package static func effects(of section: PluginSection, in whole: KeyConfiguration) -> [ConfigurationEffect] {
        guard let configuration = try? LiteLLMConfiguration(section, in: whole) else {
            return ConfigurationEffects.settings(of: section)
        }
        let address = try? ServerAddress(configuration.url, of: .liteLLM)
        let place = ConfigurationEffects.shown(configuration.url, as: address?.shown)
        let key =
            switch configuration.adminKey.place {
            case .environment(let name): "the variable \(name)"
            case .file(let path), .identityToken(let path):
                "the file \(ConfigurationEffects.shown(path, asPath: true))"
            }
        var words = [
            "sends what is in \(key), as an admin key, to \(place)",
            "has virtual keys made, renewed and taken away at \(place)",
            "answers where services that use it are reached (api_base) with \(place), so that their requests go there",
        ]
        if let address, address.isExposed {
            words.append(
                "sends the admin key and the keys that are made unencrypted: whoever sits in between reads them"
            )
        }
        return words.map { ConfigurationEffect($0, isGrave: true) }
            + configuration.transport.effects(on: "LiteLLM")
            + ConfigurationEffects.settings(
                of: section,
                but: HTTPTransportSettings.members.union(["url", "adminKey"])
            )
    }
}

extension ServerAddress {
    /// Whether what is sent there can be read on the way.
    var isExposed: Bool { !isTLS && !isLocal }
}
