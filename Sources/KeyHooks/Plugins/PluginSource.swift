public import ExtensionHooks

/// Where plugins come from: types of the program's own, or folders that plugins are dropped into.
///
/// A resolver asks its sources for their hooks when it is made and whenever it reloads.
public protocol PluginSource: Sendable {
    /// Adds the hooks of the plugins that there are under a configuration.
    ///
    /// - Parameters:
    ///   - hooks: Where to.
    ///   - context: The configuration and the process environment.
    /// - Returns: The plugins that the user switched off: their sections are no mistakes though they have no hooks.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that lists all that is wrong.
    func register(in hooks: inout HookBundle, _ context: PluginContext) throws -> Set<HookID>
}

/// Whether `KEYHOOKS_NO_PLUGINS` switches all plugins off: by `1`, or any other value but an empty one, `0`, `false` and
/// `no`.
package func switchesPluginsOff(_ environment: [String: String]) -> Bool {
    !["", "0", "false", "no"].contains(environment["KEYHOOKS_NO_PLUGINS"]?.lowercased() ?? "")
}

/// What plugins are made from.
public struct PluginContext: Sendable {
    /// The whole configuration.
    public let configuration: KeyConfiguration

    /// The process environment, for plugins' own credentials.
    public let environment: [String: String]

    /// Describes what plugins are made from.
    ///
    /// - Parameters:
    ///   - configuration: The whole configuration.
    ///   - environment: The process environment.
    public init(configuration: KeyConfiguration, environment: [String: String]) {
        self.configuration = configuration
        self.environment = environment
    }
}
