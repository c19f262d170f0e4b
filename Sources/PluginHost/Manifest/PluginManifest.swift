public import ExtensionHooks
package import JSON5Syntax
import KeyHooks

/// What a plugin says of itself in the `plugin.json` of its folder.
///
/// A manifest holds names and limits, never a secret.
public struct PluginManifest: Hashable, Sendable {
    /// The name of the file in the plugin's folder.
    public static let fileName = "plugin.json"

    /// The version of the plugin protocol that this host speaks.
    public static let api = 1

    /// How the plugin is run; more kinds may come.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        /// An executable, spoken to over its standard input and output.
        case process
    }

    /// How long one process lives.
    public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
        /// One process answers many requests.
        case session

        /// One process answers one request.
        case oneshot
    }

    /// Whether the plugin may need a person.
    public enum Interaction: String, Hashable, Sendable, CaseIterable, Codable {
        /// It works alone.
        case never

        /// It can make use of a person, if the host has one.
        case ifAvailable = "if-available"
    }

    /// The plugin's id, which is also the name of its section in a configuration; it holds no slash.
    public let id: HookID

    /// The plugin's version, in its author's numbering.
    public let version: String

    /// What the plugin does, in one line.
    public let description: String?

    /// How the plugin is run.
    public let kind: Kind

    /// How long one process lives.
    public let mode: Mode

    /// The executable, relative to the plugin's folder and inside of it.
    public let entry: String

    /// What the executable is started with.
    public let arguments: [String]

    /// Where the plugin takes part; at least one.
    public let hooks: [Hook]

    /// How long the plugin may take to say hello.
    public let helloTimeout: Duration

    /// How long the plugin may take to answer a request, unless the caller's deadline is nearer.
    public let requestTimeout: Duration

    /// The names of the variables the plugin gets besides those that every plugin gets.
    public let environment: [String]

    /// Whether the plugin may need a person.
    public let interaction: Interaction

    /// What to do when the executable is missing, in one line.
    public let installHint: String?

    /// What the plugin's section in a configuration must look like; nil if it does not say.
    package let configuration: JSONSchema?

    /// What `keyhooks.json` may tell it of a single provider; nil if it does not say.
    package let providerConfiguration: JSONSchema?

    /// The first of the examples in the schema of the section; nil if there is none.
    package let exampleSection: JSONNode?
}

extension PluginManifest {
    /// One place where a plugin takes part.
    public struct Hook: Hashable, Sendable {
        /// The operations that plugins of this kind can take part in.
        public enum Point: String, Hashable, Sendable, CaseIterable, Codable {
            /// Asking for the main key of a service.
            case getAPIKey

            /// Asking for a named field of a service with several.
            case getSecret
        }

        /// The name the hook is registered with: the plugin's id, a slash, the point, a dot and the phase.
        ///
        /// Of several hooks at the same point and phase the second has `.2` after it, and so on.
        public let id: HookID

        /// The operation.
        public let point: Point

        /// The half of the operation.
        public let phase: HookPhase

        /// The ids and patterns of the services the hook is for, as they are written; nil means all.
        public let services: [String]?

        /// The priority; lower runs first.
        public let priority: Int

        /// The hooks or plugins that it is to run before.
        public let before: [HookID]

        /// The hooks or plugins that it is to run after.
        public let after: [HookID]

        /// Whether it asks to see the values of keys at the end of a call, which the user must grant.
        public let wantsValues: Bool
    }
}
