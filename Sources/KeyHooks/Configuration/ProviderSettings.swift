public import ExtensionHooks
package import JSON5Syntax

/// What a configuration says about one service.
///
/// A member that is nil leaves the matter to a weaker rule; <doc:Which-rule-wins> has the order.
public struct ProviderSettings: Hashable, Sendable {
    /// The variables that hold the key, in order; they replace the catalogue's and the generic ones.
    ///
    /// Nil to keep those.
    public var env: [String]?

    /// A key that stands in place of all variables; nil if there is none.
    ///
    /// It is meant for servers that take any key, and for tests. Plugins are asked before it, unless ``plugins`` is
    /// empty.
    public var constant: APIKey? {
        get { fixed?.key }
        set { fixed = newValue.map(ConstantKey.init) }
    }

    private(set) var fixed: ConstantKey?

    /// More ids for the service.
    public var aliases: [Service]

    /// Whether the service needs a key; nil to keep what the catalogue says.
    public var isKeyRequired: Bool?

    /// The plugins that may answer for the service, in the order in which they are asked.
    ///
    /// The start hooks of all others are skipped for it, those that rewrite and deny included; hooks that only watch
    /// the end of a call run all the same. An empty list leaves the answer to the environment.
    public var plugins: [PluginID]?

    /// The plugins that alone may answer for the service, in order: what is weaker never does, and no variable is read.
    ///
    /// It is one word for three settings: assigning it sets ``plugins``, sets ``fallback`` to ``KeyFallback/never``,
    /// and closes the environment to the service. Nil if nothing of the kind is said.
    public var only: [PluginID]? {
        get { isEnvironmentClosed ? plugins : nil }
        set {
            isEnvironmentClosed = newValue != nil
            plugins = newValue
            fallback = newValue.map { _ in .never }
        }
    }

    /// Whether no variable and no constant may answer; a stronger rule that names some opens it again.
    private(set) var isEnvironmentClosed = false

    /// How long plugins believe what they read for the service; nil to leave it to each plugin.
    public var timeToLive: Duration?

    /// Whether a weaker source may answer while a plugin's cannot; nil to leave it to each plugin.
    public var fallback: KeyFallback?

    /// Settings of single plugins for the service, in their own terms.
    package var sections: [PluginID: JSONNode] = [:]

    /// Describes a service.
    ///
    /// - Parameters:
    ///   - env: The variables that hold the key, in order, instead of the catalogue's and the generic ones.
    ///   - aliases: More ids for the service.
    ///   - isKeyRequired: Whether the service needs a key.
    ///   - plugins: The plugins that may answer for it, in order.
    ///   - timeToLive: How long plugins believe what they read for it.
    ///   - fallback: Whether a weaker source may answer while a plugin's cannot.
    public init(
        env: [String]? = nil,
        aliases: [Service] = [],
        isKeyRequired: Bool? = nil,
        plugins: [PluginID]? = nil,
        timeToLive: Duration? = nil,
        fallback: KeyFallback? = nil
    ) {
        self.env = env
        self.aliases = aliases
        self.isKeyRequired = isKeyRequired
        self.plugins = plugins
        self.timeToLive = timeToLive
        self.fallback = fallback
    }
}

extension ProviderSettings {
    /// A plugin's settings for the service, in the plugin's own terms; assigning nil leaves it to weaker rules.
    ///
    /// - Parameter plugin: The plugin's id.
    public subscript(plugin: PluginID) -> [String: PluginSetting]? {
        get { sections[plugin]?.pluginSettings }
        set { sections[plugin] = newValue.map { PluginSetting($0).node } }
    }

    /// The same with whatever stronger settings say put in its place; sections are merged member by member.
    func overlaid(with stronger: ProviderSettings) -> ProviderSettings {
        var merged = self
        // Of variables and a constant the stronger one stands, whichever it is.
        if stronger.env != nil || stronger.fixed != nil {
            (merged.env, merged.fixed) = (stronger.env, stronger.fixed)
            merged.isEnvironmentClosed = false
        }
        if stronger.isEnvironmentClosed { merged.isEnvironmentClosed = true }
        merged.aliases += stronger.aliases.filter { !aliases.contains($0) }
        merged.isKeyRequired = stronger.isKeyRequired ?? isKeyRequired
        merged.plugins = stronger.plugins ?? plugins
        merged.timeToLive = stronger.timeToLive ?? timeToLive
        merged.fallback = stronger.fallback ?? fallback
        merged.sections.merge(stronger.sections) { $0.overlaid(with: $1) }
        return merged
    }
}

extension JSONNode {
    /// An object with the members of a stronger one put in the place of its own.
    func overlaid(with stronger: JSONNode) -> JSONNode {
        guard let own = members, let others = stronger.members else { return stronger }
        let replaced = Set(others.map { ExactText($0.name) })
        let kept = own.filter { !replaced.contains(ExactText($0.name)) }
        return JSONNode(.object(kept + others), at: stronger.position)
    }
}

/// Whether a weaker source may answer while a plugin's source cannot; more rules may come.
public struct KeyFallback: RawRepresentable, Hashable, Sendable, CaseIterable, Codable {
    /// The word for it in a configuration.
    public let rawValue: String

    private init(_ word: String) { rawValue = word }

    /// Takes the word for a rule; nil if it is none.
    public init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    /// The rules that there are.
    public static var allCases: [Self] { [never, unavailable] }

    /// Never: a failure is the caller's.
    public static let never = Self("never")

    /// While the source is unreachable, too slow or sealed; never after a denial, with refused credentials, or
    /// where the source can't be distinguished from an impostor.
    ///
    /// ``KeyProvenance/skippedSources`` of the answer says so.
    public static let unavailable = Self("unavailable")
}

extension KeyFallback {
    /// Whether a failure of this kind may be skipped.
    ///
    /// - Parameter error: What the source failed with.
    /// - Returns: Whether the next source may answer.
    public func allows(_ error: KeyResolutionError) -> Bool {
        // What may be skipped is what an old value may bridge: one list says which failures pass.
        if self == .unavailable, case .passing = CacheFailureHandling.standard(error) { true } else { false }
    }
}

/// What differs under one profile, such as `prod`.
///
/// A call is under a profile if its ``KeyScope/profile`` names it.
public struct KeyProfile: Hashable, Sendable {
    /// What differs for single services.
    public var providers: [Service: ProviderSettings]

    /// Describes a profile.
    ///
    /// - Parameter providers: What differs for single services.
    public init(providers: [Service: ProviderSettings] = [:]) { self.providers = providers }
}
