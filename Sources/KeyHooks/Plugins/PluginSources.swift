public import ExtensionHooks
import JSON5Syntax

/// Where plugins come from: types of the program's own, or folders that plugins are dropped into.
///
/// A resolver asks its sources for their hooks when it is made and whenever it reloads.
public protocol PluginSource: Sendable {
    /// The plugins that it has hooks of as soon as the configuration has their sections; none if nothing is said.
    ///
    /// If a configuration names one of them without its section, the error says what is missing.
    var sectionedPlugins: Set<PluginID> { get }

    /// What is odd about where plugins were last looked for, a line for each; nothing if nothing is said.
    ///
    /// It isn't an error; `keyhooks` warns of it. It must not contain a value.
    var warnings: [String] { get }

    /// Finds what is wrong in the sections of plugins, where the configuration is wrong elsewhere and no resolver is
    /// made.
    ///
    /// It starts nothing and changes nothing.
    ///
    /// - Parameter context: The configuration as far as it can be read, and the process environment.
    /// - Returns: Errors with the code `invalidConfiguration`; nothing if nothing is said.
    func mistakes(in context: PluginContext) -> [KeyResolutionError]

    /// The plugins that there are under a configuration, whether or not they are in order; nil if that is known only
    /// once their hooks are added, as where nothing is said.
    ///
    /// It starts nothing and changes nothing.
    ///
    /// - Parameter context: The configuration as far as it can be read, and the process environment.
    /// - Returns: The plugins, those that are switched off included.
    func plugins(in context: PluginContext) -> Set<PluginID>?

    /// The kinds of secret managers that it has besides those of the package; none if nothing is said.
    ///
    /// It starts nothing and changes nothing.
    ///
    /// - Parameter context: The configuration as far as it can be read, and the process environment.
    /// - Returns: The kinds that `"kind"` in the section of a manager may name.
    func managerKinds(in context: PluginContext) -> [SecretManagerKind]

    /// Adds the hooks of the plugins that there are under a configuration.
    ///
    /// - Parameters:
    ///   - hooks: Where to.
    ///   - context: The configuration and the process environment.
    /// - Returns: What became of them.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that lists all that is wrong; the
    ///   resolver goes on with its other sources, and tells what all of them found.
    func register(in hooks: inout HookBundle, _ context: PluginContext) throws -> RegisteredPlugins
}

/// What became of the plugins of a ``PluginSource`` that were to add their hooks.
public struct RegisteredPlugins: Hashable, Sendable {
    /// The plugins that the user switched off: their sections aren't mistakes though they have no hooks.
    public var switchedOff: Set<PluginID>

    /// Describes what became of plugins.
    ///
    /// - Parameter switchedOff: The plugins that the user switched off.
    public init(switchedOff: Set<PluginID> = []) { self.switchedOff = switchedOff }
}

extension PluginSource {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var sectionedPlugins: Set<PluginID> { [] }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var warnings: [String] { [] }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func mistakes(in context: PluginContext) -> [KeyResolutionError] { [] }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func plugins(in context: PluginContext) -> Set<PluginID>? { nil }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func managerKinds(in context: PluginContext) -> [SecretManagerKind] { [] }
}

/// Whether the environment switches all plugins off.
///
/// `KEYHOOKS_NO_PLUGINS` does by `1`, or any other value but an empty one, `0`, `false` and `no`. `KEYHOOKS_PLUGIN`
/// does by any value but an empty one: a plugin that asks for a key would be asked for it in turn, without an end.
package func switchesPluginsOff(_ environment: [String: String]) -> Bool {
    !["", "0", "false", "no"].contains(environment["KEYHOOKS_NO_PLUGINS"]?.lowercased() ?? "")
        || insideOfPlugin(environment) != nil
}

/// What to say where no plugin is asked because a plugin started this program; nil if none did.
package func insideOfPlugin(_ environment: [String: String]) -> String? {
    environment["KEYHOOKS_PLUGIN", default: ""].isEmpty
        ? nil : "this runs inside of a plugin: KEYHOOKS_PLUGIN is set, so no plugin is asked"
}

/// What to do where a plugin of this package is configured that a program is built without unless it asks for it; nil for
/// any other.
package func remedy(forAbsent plugin: PluginID) -> String? {
    guard plugin == "aws" else { return nil }
    return
        "build the tool with the traits CLI and AWS (swift build -c release --product keyhooks --traits CLI,AWS), or "
        + "hand AWSPlugin.plugin of the product AWSSecretsManager to the resolver"
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

extension PluginContext: CustomStringConvertible {
    /// Where the configuration is from, the plugins it has sections of and how many variables there are; never a value.
    public var description: String {
        let plugins = configuration.pluginIDs.map(\.rawValue).joined(separator: ", ")
        return displayLines(
            "PluginContext(configuration: \(configuration.path ?? "made in code"), sections: [\(plugins)], "
                + "environment: \(environment.count) variables)"
        )
    }
}

extension PluginContext: CustomReflectable {
    /// The names of variables and no value: a dump of a plugin that keeps its context would show them all.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "configuration": configuration.path ?? "made in code",
                "sections": configuration.pluginIDs.map(\.rawValue),
                "environment": environment.keys.sorted(),
            ]
        )
    }
}
