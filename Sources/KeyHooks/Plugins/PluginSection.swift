public import ExtensionHooks
package import JSON5Syntax
public import LightFoundation

/// The section of one plugin in a configuration, which only the plugin understands.
public struct PluginSection: Sendable {
    /// The plugin.
    public let id: PluginID

    /// What the file says for it.
    package let settings: JSONNode

    /// Where the section stands.
    package let position: SourcePosition

    /// The section as strict JSON; nil if it holds a number that JSON has not.
    public var json: Data? { (try? settings.jsonBytes()).map { Data($0) } }
}
