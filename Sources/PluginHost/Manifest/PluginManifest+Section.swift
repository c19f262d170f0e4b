import ExtensionHooks
package import JSON5Syntax
import KeyHooks

extension PluginManifest {
    /// Finds what is wrong with the plugin's section of a configuration.
    ///
    /// - Parameter settings: The section.
    /// - Throws: All mistakes, with the places they have in the whole file; never their values.
    package func check(_ settings: JSONNode) throws(JSONMistakes) {
        let path = NodePath.root.appending("plugins").appending(id.rawValue)
        let mistakes = configuration?.mistakes(in: settings, at: path) ?? []
        guard mistakes.isEmpty else { throw JSONMistakes(mistakes) }
    }
}

/// The JSON Schema of manifests, as editors use it.
package enum PluginManifestSchema {
    /// The schema as JSON.
    package static var json: [UInt8] { PackageResources.plugin_schema_json }
}
