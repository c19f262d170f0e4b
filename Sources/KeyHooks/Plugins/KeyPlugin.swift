public import ExtensionHooks
package import JSON5Syntax

/// A plugin that is compiled into the program.
///
/// ```swift
/// struct Acme: KeyPlugin {
///     struct Configuration: Decodable { var address: String }
///     static let id: PluginID = "acme"
///     let vault: Vault
///
///     init(_ configuration: Configuration, in context: PluginContext) throws {
///         vault = Vault(configuration.address, token: context.environment["ACME_TOKEN"])
///     }
///
///     func register(in hooks: inout HookBundle) {
///         hooks.onStart(.getAPIKey, id: HookID(Self.id)) { call in … }
///     }
/// }
///
/// let resolver = try KeyResolver(configuration: .discover(), plugins: [Acme.plugin])
/// ```
///
/// Its section stands under `plugins` in `keyhooks.json`, and it is made anew when the resolver reloads.
public protocol KeyPlugin: Sendable {
    /// What its section of `keyhooks.json` says.
    ///
    /// A `Decodable` type is read for you, as `JSONDecoder` does with its defaults: `URL` from a text, `Data` from
    /// Base64, `Date` from the seconds since 2001 or from a text in the form of ISO 8601, such as
    /// `2026-11-30T12:00:00Z`. A `Duration` is written as `30s`.
    associatedtype Configuration: Sendable

    /// What `keyhooks.json` may tell it of a single provider, such as `"openai": { "acme": { … } }`.
    ///
    /// It is checked when the file is read, and handed out by ``KeyRequest/settings(of:)``. If nothing is said there is
    /// nothing to tell.
    associatedtype ServiceSettings: Decodable & Sendable = NoSettings

    /// The id of the plugin, which its section is called by and its hooks' ids begin with.
    static var id: PluginID { get }

    /// Whether a program that hands the plugin to a resolver must have a section for it; if nothing is said it must.
    ///
    /// A plugin without one would not run, and a weaker source would answer in its place. If it needs none it is made
    /// with an empty section.
    static var needsSection: Bool { get }

    /// The kinds of secret managers that it brings; none if nothing is said.
    ///
    /// A configuration that has one of them needs no section for the plugin.
    static var managerKinds: [SecretManagerKind] { get }

    /// Reads the section.
    ///
    /// For a `Decodable` configuration that is done for you, unknown keys being mistakes.
    ///
    /// - Parameters:
    ///   - section: The section.
    ///   - context: The whole configuration and the environment.
    /// - Returns: What the section says.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that lists all mistakes.
    static func configuration(
        from section: PluginSection,
        in context: PluginContext
    ) throws(KeyResolutionError) -> Configuration

    /// Finds what is wrong with what the configuration tells the plugin of single providers.
    ///
    /// That is done for you: see ``ServiceSettings``. Write it for settings that you check by yourself.
    ///
    /// - Parameter configuration: The whole configuration.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that lists all mistakes.
    static func checkServiceSettings(in configuration: KeyConfiguration) throws(KeyResolutionError)

    /// Makes the plugin; nothing is asked of its source yet.
    ///
    /// - Parameters:
    ///   - configuration: What its section says.
    ///   - context: The whole configuration and the environment.
    /// - Throws: A ``KeyResolutionError`` that says what is wrong. Of any other error only the type is shown, as its
    ///   text may quote a secret.
    init(_ configuration: Configuration, in context: PluginContext) throws

    /// Adds the plugin's hooks; of a plugin that is a ``KeySource``, that is done for you.
    ///
    /// - Parameter hooks: Where to; every id must be the plugin's or begin with it, as in `acme/keys`.
    /// - Throws: As ``init(_:in:)``.
    func register(in hooks: inout HookBundle) throws
}

extension KeyPlugin where Configuration: Decodable {
    /// Reads the section by its `Decodable` type; keys that the type does not ask for are mistakes.
    ///
    /// - Parameters:
    ///   - section: The section.
    ///   - context: The whole configuration and the environment.
    /// - Returns: What the section says.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that lists all mistakes.
    public static func configuration(
        from section: PluginSection,
        in context: PluginContext
    ) throws(KeyResolutionError) -> Configuration {
        let path = NodePath.root.appending("plugins").appending(id.rawValue)
        do {
            // Of a source other words may stand there too, which are read elsewhere.
            let others = Self.self is any KeySource.Type ? SourceSettings.words : []
            return try JSONNodeDecoder.decode(Configuration.self, from: section.settings, path: path, besides: others)
        } catch {
            throw context.configuration.invalid(error)
        }
    }
}

extension KeyPlugin where Self: KeySource {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func register(in hooks: inout HookBundle) { hooks.answer(from: self, id: HookID(Self.id)) }
}

extension KeyPlugin {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static var needsSection: Bool { true }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static var managerKinds: [SecretManagerKind] { [] }

    /// The plugin as a resolver and a host of plugins take it.
    public static var plugin: any PluginSource { CompiledPlugin<Self>() }
}

/// The settings of a plugin that takes none for single services: whatever a file says there is a mistake.
public struct NoSettings: Decodable, Hashable, Sendable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init() {}
}

extension KeyPlugin {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func checkServiceSettings(in configuration: KeyConfiguration) throws(KeyResolutionError) {
        guard ServiceSettings.self != NoSettings.self else { return try configuration.refuseServiceSections(of: id) }
        try configuration.checkServiceSections(of: id) { section, path in
            do throws(JSONMistakes) {
                _ = try JSONNodeDecoder.decode(ServiceSettings.self, from: section, path: path)
                return []
            } catch {
                return error.all
            }
        }
    }
}

extension KeyRequest {
    /// What the user tells a plugin of the service, such as `"openai": { "acme": { … } }`.
    ///
    /// - Parameter plugin: The plugin's type; its ``KeyPlugin/ServiceSettings`` are decoded once.
    /// - Returns: The settings; nil if there are none.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that names all that is wrong.
    public func settings<Plugin: KeyPlugin>(
        of plugin: Plugin.Type
    ) throws(KeyResolutionError) -> Plugin.ServiceSettings? {
        try rule?.settings(of: Plugin.id, as: Plugin.ServiceSettings.self)
    }
}

extension KeyConfiguration {
    /// Reports all that a plugin finds wrong with its settings for single services.
    package func checkServiceSections(
        of plugin: PluginID,
        _ mistakes: (JSONNode, NodePath) -> [JSONMistake]
    ) throws(KeyResolutionError) {
        let found = serviceMistakes(of: plugin, mistakes)
        if !found.isEmpty { throw invalid(JSONMistakes(found)) }
    }

    /// All that a plugin finds wrong with its settings for single services, each mistake once.
    package func serviceMistakes(
        of plugin: PluginID,
        _ mistakes: (JSONNode, NodePath) -> [JSONMistake]
    ) -> [JSONMistake] {
        var reported: Set<String> = []
        // What a profile took over from its provider was reported there.
        return sections(ofServicesFor: plugin)
            .flatMap { mistakes($0.settings, $0.path) }
            .filter { reported.insert("\($0.position) \($0.message)").inserted }
    }
}
