public import ExtensionHooks

/// A kind of secret managers, which `keyhooks.json` names by `"kind"`.
///
/// `environment`, `file`, `folder` and `chain` come with the package, and `openbao` with its plugin. A program hands
/// over its own to a resolver:
///
/// ```swift
/// struct SafeSettings: Decodable { var address: URL; var token: SecretReference }
///
/// let safes = SecretManagerKind("safe") { (settings: SafeSettings, context) in
///     Safe(settings.address, token: try context.secret(at: settings.token))
/// }
/// let resolver = try KeyResolver(configuration: .discover(), plugins: [safes])
/// ```
///
/// Then `"managers": { "team": { "kind": "safe", "address": "https://safe.example" } }` makes one, with all the words
/// that every manager has.
public struct SecretManagerKind: Sendable {
    /// The word for it in a configuration.
    public let name: String

    /// Makes a manager of what its section says beside the words that every manager has.
    package let make: @Sendable (PluginSection, PluginContext) throws -> any SecretManager

    /// What a section's settings have it do, in words for somebody who decides whether to trust them, as far as they
    /// send credentials or start programs.
    package var effects: @Sendable (PluginSection, KeyConfiguration) -> [ConfigurationEffect] = { _, _ in [] }

    /// Names a kind.
    ///
    /// - Parameters:
    ///   - name: The word for it in a configuration.
    ///   - make: Makes a manager of what its section says; nothing is asked of the store yet. The settings are read by
    ///     their type, as a ``KeyPlugin``'s configuration is, and paths in them count from ``PluginContext/path(of:)``.
    ///     Of an error that isn't a ``KeyResolutionError`` only the type is shown.
    public init<Settings: Decodable & Sendable>(
        _ name: String,
        make: @escaping @Sendable (Settings, PluginContext) throws -> any SecretManager
    ) {
        self.init(name) { section, context in
            try make(try section.decode(Settings.self, in: context.configuration), context)
        }
    }

    /// Names a kind that reads its section itself.
    package init(
        _ name: String,
        reading make: @escaping @Sendable (PluginSection, PluginContext) throws -> any SecretManager
    ) {
        self.name = name
        self.make = make
    }
}

extension SecretManagerKind: PluginSource {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func managerKinds(in context: PluginContext) -> [SecretManagerKind] { [self] }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func plugins(in context: PluginContext) -> Set<PluginID>? { [] }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func register(in hooks: inout HookBundle, _ context: PluginContext) -> RegisteredPlugins {
        RegisteredPlugins()
    }
}
