import ExtensionHooks
package import KeyHooks

extension PluginManifest {
    /// Finds what is wrong with the plugin's section of a configuration.
    ///
    /// - Parameter settings: The section.
    /// - Throws: All mistakes, with the places they have in the whole file; never their values.
    package func check(_ settings: JSONNode) throws(ConfigurationMistakes) {
        let path = ConfigurationPath.root.appending("plugins").appending(id.rawValue)
        let mistakes = configuration?.mistakes(in: settings, at: path) ?? []
        guard mistakes.isEmpty else { throw ConfigurationMistakes(mistakes) }
    }
}
